// The peer of bench/recommend-gorse.ts: gorse's own models of collaborative filtering on interactions that are given.
//
// It reads one line of JSON for each run from stdin and answers each with one line: the products that a model ranks
// highest for each user, without those that the user has in the training part, and what learning cost.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"sort"
	"strconv"
	"syscall"
	"time"

	"github.com/zhenghaoz/gorse/base/log"
	"github.com/zhenghaoz/gorse/base/task"
	"github.com/zhenghaoz/gorse/model"
	"github.com/zhenghaoz/gorse/model/ranking"
)

// Users and items are numbers from 0; each pair is one interaction.
type request struct {
	Model      string             `json:"model"`
	Parameters map[string]float64 `json:"parameters"`
	Users      int                `json:"users"`
	Items      int                `json:"items"`
	Train      [][2]int           `json:"train"`
	// gorse looks at these to tell how it is doing; the model of the last epoch is what is judged.
	Look [][2]int `json:"look"`
	K    int      `json:"k"`
}

type answer struct {
	Lists      [][]int32 `json:"lists"`
	Seconds    float64   `json:"seconds"`
	CPUSeconds float64   `json:"cpu_seconds"`
}

func main() {
	log.CloseLogger()
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(nil, 64<<20)
	for lines.Scan() {
		var asked request
		if err := json.Unmarshal(lines.Bytes(), &asked); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		told, _ := json.Marshal(run(asked))
		fmt.Println(string(told))
	}
}

func run(asked request) answer {
	train := dataOf(asked, asked.Train)
	look := dataOf(asked, asked.Look)
	learner := modelOf(asked)
	threads, _ := strconv.Atoi(os.Getenv("BENCH_THREADS"))
	epochs := int(asked.Parameters["epochs"])
	config := ranking.NewFitConfig().SetVerbose(epochs).SetJobsAllocator(task.NewConstantJobsAllocator(max(1, threads)))
	wall, cpu := time.Now(), processor()
	learner.Fit(train, look, config)
	cost := answer{Seconds: time.Since(wall).Seconds(), CPUSeconds: processor() - cpu}
	cost.Lists = listsOf(learner, train, asked)
	return cost
}

func modelOf(asked request) ranking.MatrixFactorization {
	given := model.Params{
		model.NFactors: int(asked.Parameters["factors"]),
		model.NEpochs:  int(asked.Parameters["epochs"]),
		model.Reg:      asked.Parameters["reg"],
	}
	if asked.Model == "bpr" {
		given[model.Lr] = asked.Parameters["rate"]
		return ranking.NewBPR(given)
	}
	given[model.Alpha] = asked.Parameters["alpha"]
	return ranking.NewCCD(given)
}

// All users and items, in the order of their numbers, then the interactions.
func dataOf(asked request, pairs [][2]int) *ranking.DataSet {
	data := ranking.NewMapIndexDataset()
	for user := 0; user < asked.Users; user++ {
		data.AddUser(strconv.Itoa(user))
	}
	for item := 0; item < asked.Items; item++ {
		data.AddItem(strconv.Itoa(item))
	}
	for _, pair := range pairs {
		data.AddFeedback(strconv.Itoa(pair[0]), strconv.Itoa(pair[1]), false)
	}
	return data
}

func listsOf(learned ranking.MatrixFactorization, train *ranking.DataSet, asked request) [][]int32 {
	lists := make([][]int32, asked.Users)
	for user := range lists {
		has := make(map[int32]bool)
		for _, item := range train.UserFeedback[user] {
			has[item] = true
		}
		lists[user] = highest(learned, int32(user), has, asked)
	}
	return lists
}

func highest(learned ranking.MatrixFactorization, user int32, has map[int32]bool, asked request) []int32 {
	scores := make([]float32, asked.Items)
	items := make([]int32, 0, asked.Items)
	for item := int32(0); item < int32(asked.Items); item++ {
		// what nobody has in the training part cannot be ranked
		if has[item] || !learned.IsItemPredictable(item) {
			continue
		}
		scores[item] = learned.InternalPredict(user, item)
		items = append(items, item)
	}
	sort.SliceStable(items, func(a, b int) bool { return scores[items[a]] > scores[items[b]] })
	return items[:min(asked.K, len(items))]
}

// User and system seconds of all threads.
func processor() float64 {
	var usage syscall.Rusage
	_ = syscall.Getrusage(syscall.RUSAGE_SELF, &usage)
	return float64(usage.Utime.Nano()+usage.Stime.Nano()) / 1e9
}
