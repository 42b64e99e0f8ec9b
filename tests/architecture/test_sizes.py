"""Pieces stay small enough to be read at once."""

import ast
import statistics

LONGEST_FUNCTION = 60
LONGEST_FILE = 400
MEDIAN_FUNCTION = 13
NINE_OF_TEN = 30


def _functions(source):
    for node in source.nodes((ast.FunctionDef, ast.AsyncFunctionDef)):
        yield node, node.end_lineno - node.lineno + 1


def test_no_function_is_longer_than_a_screen(sources):
    long = [
        f"{source.at(node)} {node.name}: {length} lines"
        for source in sources
        for node, length in _functions(source)
        if length > LONGEST_FUNCTION
    ]
    assert long == []


def test_most_functions_are_short(addon_sources):
    lengths = sorted(n for source in addon_sources for _, n in _functions(source))
    assert statistics.median(lengths) <= MEDIAN_FUNCTION
    assert lengths[int(len(lengths) * 0.9)] <= NINE_OF_TEN


def test_no_file_is_too_long(sources):
    long = [
        f"{source.path}: {len(source.lines)} lines"
        for source in sources
        if len(source.lines) > LONGEST_FILE
    ]
    assert long == []
