"""Reads sources as the product does: mounted under /user, by request and result."""

from __future__ import annotations

import json
import os
import shutil
import textwrap
import unittest
from typing import Any

import gradient_lens.reader

HEAD = 'import torch\nimport torch.nn as nn\nimport torch.nn.functional as F\n'


class ReadingCase(unittest.TestCase):
    """Root of the tests that read whole files."""

    def read_files(self, files: dict[str, str], active: str, **request: Any) -> Any:
        shutil.rmtree('/user', ignore_errors=True)
        for path, text in files.items():
            os.makedirs(os.path.dirname('/user/' + path), exist_ok=True)
            with open('/user/' + path, 'w', encoding='utf-8') as file:
                file.write(textwrap.dedent(text))
        return json.loads(gradient_lens.reader.read(json.dumps({'path': active, 'files': [], 'batch': 2, **request})))

    def read(self, *texts: str, **request: Any) -> Any:
        """Reads one file; the usual imports stand in its first three lines."""
        return self.read_files({'m.py': HEAD + ''.join(map(textwrap.dedent, texts))}, 'm.py', **request)

    def only(self, result: Any) -> Any:
        """The only model of a result, which has been read."""
        self.assertEqual(len(result['models']), 1, result)
        model = result['models'][0]
        self.assertIsNone(model['unread'], model['unread'])
        return model

    def entries(self, result: Any) -> list[str]:
        return [model['entry'] for model in result['models']]

    def inputs(self, model: Any) -> list[tuple[list[int], str, str]]:
        return [(item['shape'], item['kind'], item['origin']) for item in model['graph']['inputs']]

    def line(self, span: Any) -> int:
        """One-based line of a span's start."""
        return span['range']['start']['line'] + 1
