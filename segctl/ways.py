"""Ways through resources that use each other: their order, what is reached, and ways round."""

from __future__ import annotations

import heapq
from collections import defaultdict, deque
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping

from segctl.load.document import Key

Edges = Mapping[Key, Collection[Key]]
"""What each uses itself; every key that is used has an entry."""


def reverse(edges: Edges) -> dict[Key, tuple[Key, ...]]:
    """What uses each, sorted."""
    into: dict[Key, list[Key]] = defaultdict(list)
    for key in sorted(edges):
        for target in edges[key]:
            into[target].append(key)
    return {key: tuple(sources) for key, sources in into.items()}


def order(edges: Edges) -> tuple[Key, ...]:
    """Each after its targets, the least key first where there is a choice; without what is on or behind a way round."""
    waits = {key: len(targets) for key, targets in edges.items()}
    into = reverse(edges)
    ready = [key for key, count in waits.items() if not count]
    heapq.heapify(ready)
    found = []
    while ready:
        key = heapq.heappop(ready)
        found.append(key)
        for source in into.get(key, ()):
            waits[source] -= 1
            if not waits[source]:
                heapq.heappush(ready, source)
    return tuple(found)


def reached(keys: Iterable[Key], after: Callable[[Key], Iterable[Key]]) -> frozenset[Key]:
    """All that comes after these, directly or through others."""
    found: set[Key] = set()
    waiting = list(keys)
    while waiting:
        fresh = [target for target in after(waiting.pop()) if target not in found]
        found.update(fresh)
        waiting.extend(fresh)
    return frozenset(found)


def groups(edges: Edges) -> Iterator[frozenset[Key]]:
    """The groups within which each reaches each (Kosaraju's way, without recursion), without single resources."""
    into = reverse(edges)
    seen: set[Key] = set()
    for root in reversed(_finished(edges)):
        if root in seen:
            continue
        group = {root}
        waiting = [root]
        while waiting:
            fresh = [key for key in into.get(waiting.pop(), ()) if key not in seen and key not in group]
            group.update(fresh)
            waiting.extend(fresh)
        seen |= group
        if len(group) > 1 or root in edges[root]:
            yield frozenset(group)


def _finished(edges: Edges) -> list[Key]:
    """All keys, each after those it reaches, as far as there is no way round."""
    ended: list[Key] = []
    seen: set[Key] = set()
    for root in edges:
        waiting: list[tuple[Key, Iterator[Key]]] = [] if root in seen else [(root, iter(edges[root]))]
        seen.add(root)
        while waiting:
            key, targets = waiting[-1]
            target = next((t for t in targets if t not in seen), None)
            if target is None:
                ended.append(key)
                waiting.pop()
            else:
                seen.add(target)
                waiting.append((target, iter(edges[target])))
    return ended


def shortest_way(start: Key, edges: Edges, group: Collection[Key]) -> list[Key]:
    """From a key round to itself inside its group."""
    came_from: dict[Key, Key] = {}
    waiting = deque([start])
    while start not in came_from:
        key = waiting.popleft()
        for target in edges[key]:
            if target in group and target not in came_from:
                came_from[target] = key
                waiting.append(target)
    way = [start]
    while len(way) == 1 or way[-1] != start:
        way.append(came_from[way[-1]])
    return way[::-1]


def ways_out(start: Key, after: Callable[[Key], Iterable[Key]]) -> tuple[tuple[Key, ...], ...]:
    """From a key the shortest way to each end: to what leads nowhere on; sorted by length, then by keys.

    A key that leads nowhere is a way of one step.
    """
    came_from: dict[Key, Key] = {}
    ends: list[Key] = []
    waiting, seen = deque([start]), {start}
    while waiting:
        key = waiting.popleft()
        targets = sorted(after(key))
        if not targets:
            ends.append(key)
        for target in targets:
            if target not in seen:
                seen.add(target)
                came_from[target] = key
                waiting.append(target)
    return tuple(sorted((_back(end, came_from) for end in ends), key=lambda way: (len(way), way)))


def _back(end: Key, came_from: Mapping[Key, Key]) -> tuple[Key, ...]:
    way = [end]
    while way[-1] in came_from:
        way.append(came_from[way[-1]])
    return tuple(reversed(way))
