"""Every public name of PyTorch is there: read, or refused by name; none is denied."""

import unittest
from typing import Any

import torch
from gradient_lens.errors import ReadError
from gradient_lens.inert import Inert
from gradient_lens.recorder import Recorder
from torch import nn
from torch.nn import functional

from . import names


def _outcome(home: Any, name: str) -> str:
    """'refused' where the name itself, or a call of it with a traced tensor, is refused by its name."""
    with Recorder() as recorder:
        x = recorder.input('x', (2, 3))
        try:
            item = getattr(x if home is torch.Tensor else home, name)
            if isinstance(item, Inert) or getattr(item, '__name__', '') in ('refuse', 'function', name):
                item(x) if home is not nn else item()
        except ReadError as error:
            return 'refused' if 'cannot follow' in error.message and name.rstrip('_') in error.message else 'read'
        except (TypeError, ValueError, RuntimeError, IndexError):
            # Something of its own is missing among the arguments.
            return 'read'
        return 'read'


class PublicNames(unittest.TestCase):
    def test_each_has_its_outcome(self) -> None:
        homes: dict[str, Any] = {'NN': nn, 'FUNCTIONAL': functional, 'TORCH': torch, 'TENSOR': torch.Tensor}
        for prefix, home in homes.items():
            for outcome in ('READ', 'REFUSED'):
                for name in getattr(names, f'{prefix}_{outcome}').split():
                    with self.subTest(home=prefix, name=name):
                        self.assertTrue(name in dir(home) or hasattr(torch.randn(2, 3) if home is torch.Tensor else home, name))
                        if outcome == 'REFUSED':
                            self.assertEqual(_outcome(home, name), 'refused')

    def test_read_names_are_no_stand_ins(self) -> None:
        for name in names.TORCH_READ.split():
            self.assertNotIsInstance(getattr(torch, name), Inert, name)
        for name in names.NN_READ.split():
            self.assertNotEqual(getattr(nn, name).__init__.__name__, 'refuse', name)
        for name in names.FUNCTIONAL_READ.split():
            self.assertIn(name, vars(functional), name)


if __name__ == '__main__':
    unittest.main()
