/** Half of an advertisement in sight for a second is what the trade counts as seen (IAB and MRC, 2014). */
const SHARE = 0.5;
const SECOND = 1_000;

/**
 * Calls once, when half of an element, or of the window, was filled by it for a second in a page that is in front.
 *
 * @returns stops watching
 */
export function whenSeen(element: Element, seen: () => void): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const observer = new IntersectionObserver(
    entries => {
      const last = entries[entries.length - 1];
      const isThere = last !== undefined && isInSight(last);
      clearTimeout(timer);
      timer = isThere ? setTimeout(arrived, SECOND) : undefined;
    },
    { threshold: [0, 0.1, 0.25, SHARE, 0.75, 1] },
  );
  const arrived = (): void => {
    // a page in a tab behind others is not seen: it is asked again
    if (document.visibilityState === 'hidden') timer = setTimeout(arrived, SECOND);
    else {
      observer.disconnect();
      seen();
    }
  };
  observer.observe(element);
  return () => {
    clearTimeout(timer);
    observer.disconnect();
  };
}

function isInSight({ intersectionRatio, intersectionRect }: IntersectionObserverEntry): boolean {
  return intersectionRatio >= SHARE || intersectionRect.height >= innerHeight * SHARE;
}
