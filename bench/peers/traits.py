"""The traits over orders and lines that bench/traits.ts computes, by pandas, of everybody: what a recomputation costs.

The arrays are one value a line: customer, order and product as numbers, hour (since the first), amount, price.
Parameters: now, in the same hours.
"""

from peer import measured, serve

import pandas as pd  # isort: skip


def traits(lines, now):
    orders = lines.groupby(["customer", "order"], sort=False).agg(
        amount=("amount", "sum"), lines=("amount", "size"), hour=("hour", "min")
    )
    orders = orders.reset_index()
    orders["weekday"] = (orders["hour"] // 24) % 7
    orders["clock"] = orders["hour"] % 24
    recent = orders[orders["hour"] > now - 90 * 24]
    by = orders.groupby("customer")
    result = by.agg(
        last=("hour", "max"),
        orders=("order", "size"),
        revenue=("amount", "sum"),
        average=("amount", "mean"),
        largest=("amount", "max"),
        lines=("lines", "mean"),
    )
    lately = recent.groupby("customer").agg(orders_90=("order", "size"), revenue_90=("amount", "sum"))
    weekends = orders[orders["weekday"] > 4].groupby("customer").size().rename("weekends")
    products = lines.groupby("customer").agg(products=("product", "nunique"), price=("price", "mean"))
    last_product = lines.sort_values("hour").groupby("customer")["product"].last().rename("last_product")
    favourites = [favourite(orders, "weekday"), favourite(orders, "clock"), favourite(lines, "product")]
    return result.join([lately, weekends, products, last_product, *favourites])


def favourite(rows, column):
    counts = rows.groupby(["customer", column]).size().rename("n").reset_index()
    counts = counts.sort_values(["customer", "n", column], ascending=[True, False, True])
    return counts.drop_duplicates("customer").set_index("customer")[column].rename(f"favourite_{column}")


def run(data, parameters):
    lines = pd.DataFrame({name: data[name] for name in data})
    result, cost = measured(lambda: traits(lines, parameters["now"]))
    return {**cost, "customers": len(result), "revenue": float(result["revenue"].sum())}


serve(run)
