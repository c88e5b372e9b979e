"""Leave out of a tree what is wrong with it, so that the rest can be judged in the same run."""

from __future__ import annotations

from collections.abc import Iterable

from surveybase.reading.documents import Key, Value


def leave_out(tree: Value, paths: Iterable[tuple[Key, ...]]) -> bool:
    """Remove the node at each path from ``tree``, which is changed; False when the whole tree would have to go."""
    # Later items of a list first, so that the places of the others stay.
    for path in sorted(set(paths), key=lambda path: [str(step).zfill(9) for step in path], reverse=True):
        if not path:
            return False
        parent = _node(tree, path[:-1])
        if isinstance(parent, dict):
            parent.pop(str(path[-1]), None)
        elif isinstance(parent, list) and isinstance(path[-1], int) and path[-1] < len(parent):
            del parent[path[-1]]
    return True


def _node(tree: Value, path: tuple[Key, ...]) -> Value:
    for step in path:
        if isinstance(tree, dict):
            tree = tree.get(str(step))
        elif isinstance(tree, list) and isinstance(step, int) and step < len(tree):
            tree = tree[step]
        else:
            return None
    return tree
