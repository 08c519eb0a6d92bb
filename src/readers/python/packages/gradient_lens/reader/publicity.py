"""Says at a model's inputs which public data sets stood in for files that are not here."""

from __future__ import annotations

from typing import Any

from ..session import session


def tell_public_data(graph: dict[str, Any] | None) -> None:
    """Adds the data sets that the file reads to the reason of each input whose size does not come from Gradient Lens."""
    if graph is None or not session.public_data:
        return
    held = '; '.join(f'`{data.name}` with {data.told()}' for data in session.public_data)
    for item in graph['inputs']:
        if item['origin'] != 'guessed':
            item['reason'] = f'{item["reason"]} What the file reads is taken at its published size: {held}.'
