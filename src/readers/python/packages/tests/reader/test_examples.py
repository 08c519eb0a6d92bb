"""Models that are shown in use by docstrings and READMEs alone."""

import unittest

from .reading_case import HEAD, ReadingCase

NET = """
class Net(nn.Module):
    '''A net.

    Example:
        >>> net = Net(6, width=12)
        >>> out = net(
        ...     torch.randn(8, 5, 6))
        >>> out.shape
        torch.Size([8, 5, 2])
    '''
    def __init__(self, size, width):
        super().__init__()
        self.f, self.g = nn.Linear(size, width), nn.Linear(width, 2)

    def forward(self, x):
        return self.g(torch.relu(self.f(x)))
"""


class ExamplesTest(ReadingCase):
    def test_docstring(self) -> None:
        model = self.only(self.read(NET))
        self.assertEqual(model['guesses'], [])
        self.assertEqual(self.inputs(model), [([2, 5, 6], 'float', 'observed')])
        self.assertEqual(model['graph']['parameters'][0]['shape'], [12, 6])
        self.assertIn('line 10', model['graph']['inputs'][0]['reason'])

    def test_readme_fence(self) -> None:
        plain = HEAD + NET.replace('>>>', '')
        readme = """\
# Nets

```python
import torch
from pkg import Net, Other

other = Other()
other(torch.randn(2, 3))
net = Net(size=7, width=9)
net(torch.randn(4, 7))
```
"""
        other = HEAD + """
class Other(nn.Module):
    def __init__(self):
        super().__init__()
        self.f = nn.Linear(3, 3)

    def forward(self, x):
        return self.f(x)
"""
        files = {'README.md': readme, 'pkg/__init__.py': 'from .net import Net\nfrom .other import Other\n', 'pkg/net.py': plain, 'pkg/other.py': other}
        model = self.only(self.read_files(files, 'pkg/net.py'))
        self.assertEqual(model['guesses'], [])
        self.assertEqual(self.inputs(model), [([2, 7], 'float', 'observed')])
        self.assertIn('`README.md` feeds it so in line 10', model['graph']['inputs'][0]['reason'])
        self.assertEqual(model['span']['path'], 'pkg/net.py')

    def test_failing_example_is_no_problem(self) -> None:
        result = self.read(NET.replace('Net(6, width=12)', 'Net(6, width=load())'))
        self.assertEqual(result['problems'], [])


if __name__ == '__main__':
    unittest.main()
