"""Finds the models of a user's file and reads each into a model graph.

`read(request_json)` takes a `ReadRequest` and gives a `ReadResult` (src/graph/reading.ts), both as JSON. The request's
files lie under /user.
"""


def read(request_json: str) -> str:
    """Reads a file. Never raises for anything the user's code does; what fails is in the result, with its place."""
    # Imported late: the tracing torch imports its stand-ins from here, and this imports torch.
    from .reading import read_json

    return read_json(request_json)


def warm_up() -> None:
    """Reads examples, so that a memory snapshot made after it holds the reader's code as the interpreter has specialised it."""
    from .warming import read_samples

    read_samples()
