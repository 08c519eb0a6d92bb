"""Where input shapes come from: the file's own data, or the layers."""

import unittest

from .reading_case import ReadingCase


def net(body: str, forward: str, arguments: str = 'x') -> str:
    lines = ''.join(f'        {line}\n' for line in body.strip().splitlines())
    code = ''.join(f'        {line}\n' for line in forward.strip().splitlines())
    return f'class Net(nn.Module):\n    def __init__(self):\n        super().__init__()\n{lines}\n    def forward(self, {arguments}):\n{code}\n'


FLAT = net('self.f = nn.Linear(3 * 32 * 32, 10)', 'return self.f(x.flatten(1))')


class SolvedTest(ReadingCase):
    def solved(self, body: str, forward: str, arguments: str = 'x') -> list[tuple[list[int], str, str]]:
        return self.inputs(self.only(self.read(net(body, forward, arguments))))

    def test_features(self) -> None:
        self.assertEqual(self.solved('self.f = nn.Linear(5, 2)', 'return self.f(x)'), [([2, 5], 'float', 'solved')])

    def test_flattened_features(self) -> None:
        self.assertEqual(
            self.solved('self.f = nn.Linear(12, 2)', 'return self.f(x.view(x.size(0), -1))'), [([2, 12], 'float', 'solved')]
        )
        self.assertEqual(self.solved('self.f = nn.Linear(784, 2)', 'return self.f(x.view(-1, 784))'), [([2, 784], 'float', 'solved')])

    def test_picture_size_from_the_dense_layer(self) -> None:
        body = 'self.c = nn.Conv2d(1, 4, 3)\nself.f = nn.Linear(4 * 26 * 26, 10)'
        self.assertEqual(self.solved(body, 'return self.f(self.c(x).flatten(1))'), [([2, 1, 28, 28], 'float', 'solved')])
        # A view over the examples would fit other sizes as well, with examples cut to pieces.
        self.assertEqual(
            self.solved(body, 'return self.f(self.c(x).view(-1, 4 * 26 * 26))'), [([2, 1, 28, 28], 'float', 'solved')]
        )

    def test_several_sizes_fit(self) -> None:
        body = 'self.c = nn.Conv2d(3, 4, 2, stride=2)\nself.f = nn.Linear(4 * 16 * 16, 10)'
        model = self.only(self.read(net(body, 'return self.f(self.c(x).flatten(1))')))
        self.assertEqual(self.inputs(model), [([2, 3, 32, 32], 'float', 'guessed')])
        self.assertIn('32 to 33', model['graph']['inputs'][0]['reason'])
        self.assertTrue(any('`x`' in guess['message'] for guess in model['guesses']))

    def test_any_size_fits(self) -> None:
        body = 'self.c = nn.Conv2d(3, 4, 3)\nself.f = nn.Linear(4, 10)'
        self.assertEqual(self.solved(body, 'return self.f(self.c(x).mean((2, 3)))'), [([2, 3, 32, 32], 'float', 'guessed')])

    def test_sequences(self) -> None:
        lstm = 'self.r = nn.LSTM(6, 8{})\nself.f = nn.Linear(8, 2)'
        last = 'out, _ = self.r(x)\nreturn self.f(out{})'
        self.assertEqual(self.solved(lstm.format(', batch_first=True'), last.format('[:, -1]')), [([2, 16, 6], 'float', 'guessed')])
        self.assertEqual(self.solved(lstm.format(''), last.format('[-1]')), [([16, 2, 6], 'float', 'guessed')])

    def test_tokens(self) -> None:
        model = self.only(self.read(net('self.e = nn.Embedding(77, 6)\nself.f = nn.Linear(6, 77)', 'return self.f(self.e(ids))', 'ids')))
        self.assertEqual(self.inputs(model), [([2, 16], 'int', 'guessed')])
        self.assertEqual(model['graph']['inputs'][0]['high'], 77)

    def test_inputs_of_different_kinds(self) -> None:
        body = 'self.e = nn.Embedding(50, 6)\nself.f = nn.Linear(3, 6)\nself.c = nn.Conv2d(2, 6, 1)'
        forward = 'a = self.c(picture).mean((2, 3))\nreturn a + self.f(table) + self.e(word)'
        model = self.only(self.read(net(body, forward.replace('self.e(word)', 'self.e(word).mean(1)'), 'word, table, picture')))
        self.assertEqual([item['kind'] for item in model['graph']['inputs']], ['int', 'float', 'float'])
        self.assertEqual([item['shape'][1:2] for item in model['graph']['inputs'][1:]], [[3], [2]])

    def test_volume_and_signal(self) -> None:
        self.assertEqual(self.solved('self.c = nn.Conv3d(2, 4, 3)', 'return self.c(x).mean((2, 3, 4))'), [([2, 2, 16, 16, 16], 'float', 'guessed')])
        self.assertEqual(self.solved('self.c = nn.Conv1d(2, 4, 9)', 'return self.c(x).mean(2)'), [([2, 2, 32], 'float', 'guessed')])


class ObservedTest(ReadingCase):
    def script(self, data: str, model: str = FLAT, loop: str = 'for x, y in loader:\n    opt.zero_grad()\n    F.cross_entropy(net(x), y).backward()\n    opt.step()') -> str:
        head = 'import torchvision\nfrom torchvision import datasets, transforms as T\nfrom torch.utils.data import DataLoader, Dataset, TensorDataset\nimport numpy as np\n'
        body = f'{data}\nnet = Net()\nopt = torch.optim.SGD(net.parameters(), 0.1, momentum=0.9)\nfor epoch in range(10_000):\n' + ''.join(f'    {line}\n' for line in loop.splitlines())
        return head + model + '\nif __name__ == "__main__":\n' + ''.join(f'    {line}\n' for line in body.splitlines())

    def test_cifar(self) -> None:
        model = self.only(self.read(self.script("loader = DataLoader(datasets.CIFAR10('d', transform=T.ToTensor()), batch_size=64)")))
        self.assertEqual(self.inputs(model), [([2, 3, 32, 32], 'float', 'observed')])
        self.assertEqual(model['graph']['recipe']['loss']['kind'], 'cross-entropy')
        self.assertEqual(model['graph']['recipe']['optimiser']['momentum'], 0.9)


    def test_a_model_that_gives_its_loss_is_trained_on_it(self) -> None:
        model = self.only(self.read("""
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.layer = nn.Linear(6, 3)
    def forward(self, x, labels):
        return F.cross_entropy(self.layer(x), labels)
net = Net()
net(torch.randn(2, 6), torch.randint(0, 3, (2,)))
"""))
        recipe = model['graph']['recipe']
        self.assertEqual((recipe['loss']['kind'], recipe['terms']), ('output', [0]))

    def test_transforms_change_the_shape(self) -> None:
        chain = 'T.Compose([T.Resize(40), T.RandomCrop((32, 32)), T.Grayscale(3), T.ToTensor(), T.Normalize([0.5], [0.5])])'
        model = self.only(self.read(self.script(f"loader = DataLoader(datasets.ImageFolder('d', {chain}), 16, shuffle=True)")))
        self.assertEqual(self.inputs(model), [([2, 3, 32, 32], 'float', 'observed')])

    def test_unknown_pictures_leave_it_to_the_layers(self) -> None:
        model = self.only(self.read(self.script("loader = DataLoader(datasets.ImageFolder('d', T.ToTensor()), 16)")))
        self.assertEqual(self.inputs(model), [([2, 3072], 'float', 'solved')])

    def test_own_data_set(self) -> None:
        data = """
class Rows(Dataset):
    def __init__(self, n):
        self.n = n
        self.x = np.random.randn(n, 3, 32, 32).astype(np.float32)
    def __len__(self):
        return self.n
    def __getitem__(self, i):
        return {'picture': torch.from_numpy(self.x[i]), 'label': i % 10}
loader = DataLoader(Rows(5000), batch_size=8)"""
        loop = "for batch in loader:\n    F.cross_entropy(net(batch['picture']), batch['label']).backward()\n    opt.step()"
        model = self.only(self.read(self.script(data, loop=loop)))
        self.assertEqual(self.inputs(model), [([2, 3, 32, 32], 'float', 'observed')])

    def test_own_data_set_over_a_missing_table(self) -> None:
        data = """
import pandas as pd
class Rows(Dataset):
    def __init__(self, path):
        self.table = pd.read_csv(path)
    def __len__(self):
        return len(self.table)
    def __getitem__(self, i):
        row = self.table.iloc[i]
        return torch.tensor(row[:-1].values, dtype=torch.float32), torch.tensor(row[-1], dtype=torch.long)
loader = DataLoader(Rows('x.csv'), batch_size=8)"""
        model = self.only(self.read(self.script(data)))
        self.assertEqual(self.inputs(model), [([2, 3072], 'float', 'solved')])
        self.assertEqual(model['graph']['recipe']['loss']['kind'], 'cross-entropy')

    def test_script_whose_data_fail_early(self) -> None:
        data = "rows = [line.split(',') for line in open('rows.csv')]\nx = torch.tensor([[float(v) for v in row] for row in rows])\nloader = DataLoader(TensorDataset(x, x[:, 0].long()), 16)"
        result = self.read(self.script(data))
        model = self.only(result)
        self.assertEqual(result['problems'], [])
        self.assertEqual(self.inputs(model), [([2, 3072], 'float', 'solved')])
        self.assertEqual(model['graph']['recipe']['optimiser']['learningRate'], 0.1)

    def test_time_first_batches(self) -> None:
        model = net('self.r = nn.GRU(5, 7)\nself.f = nn.Linear(7, 3)', 'return self.f(self.r(x)[0][-1])')
        loop = 'for i in range(100):\n    x, y = torch.randn(30, 8, 5), torch.randint(0, 3, (8,))\n    F.cross_entropy(net(x), y).backward()\n    opt.step()'
        read = self.only(self.read(self.script('pass', model, loop)))
        self.assertEqual(self.inputs(read)[0][2], 'observed')
        self.assertIn(self.inputs(read)[0][0], ([30, 2, 5], [30, 8, 5]))

    def test_batch_size_fixed_in_the_code(self) -> None:
        model = net('self.f = nn.Linear(4, 3)', 'return self.f(x.view(16, 4))')
        loop = 'loss = F.mse_loss(net(torch.randn(16, 2, 2)), torch.zeros(16, 3))\nloss.backward()\nopt.step()'
        read = self.only(self.read(self.script('pass', model, loop)))
        self.assertEqual(self.inputs(read), [([16, 2, 2], 'float', 'observed')])
        self.assertIn('fixed in the code', read['graph']['inputs'][0]['reason'])

    def test_observed_tokens_stay_below_the_size_of_the_embedding(self) -> None:
        model = net('self.e = nn.Embedding(33, 6)\nself.f = nn.Linear(6, 33)', 'return self.f(self.e(ids))', 'ids')
        loop = 'ids = torch.tensor([[1, 2, 3]] * 4)\nF.cross_entropy(net(ids).flatten(0, 1), ids.flatten()).backward()\nopt.step()'
        read = self.only(self.read(self.script('pass', model, loop)))
        self.assertEqual(self.inputs(read), [([2, 3], 'int', 'observed')])
        self.assertEqual(read['graph']['inputs'][0]['high'], 33)

    def test_layer_over_single_numbers_goes_along_a_sequence(self) -> None:
        body = 'self.c = nn.LSTMCell(1, 5)\nself.f = nn.Linear(5, 1)'
        forward = 'h = c = torch.zeros(x.size(0), 5)\nfor step in x.split(1, dim=1):\n    h, c = self.c(step, (h, c))\nreturn self.f(h)'
        read = self.only(self.read(net(body, forward)))
        self.assertEqual(self.inputs(read), [([2, 16], 'float', 'guessed')])

    def test_loss_inside_the_model_is_no_output(self) -> None:
        model = net('self.f = nn.Linear(4, 3)', 'y = self.f(x)\nreturn y, F.cross_entropy(y, target)', 'x, target')
        loop = 'y, loss = net(torch.randn(8, 4), torch.randint(0, 3, (8,)))\nloss.backward()\nopt.step()'
        read = self.only(self.read(self.script('pass', model, loop)))
        graph = read['graph']
        self.assertEqual([graph['values'][number]['shape'] for number in graph['outputs']], [[2, 3]])
        self.assertEqual(graph['recipe']['loss']['kind'], 'cross-entropy')

    def test_preparing_data_example_by_example_ends(self) -> None:
        data = 'y = torch.zeros(50_000)\nfor i in range(50_000):\n    y = y + torch.clamp(torch.randn(3), 0).sum()\nloader = [(torch.randn(8, 3, 32, 32), torch.zeros(8).long())]'
        self.assertEqual(self.inputs(self.only(self.read(self.script(data)))), [([2, 3, 32, 32], 'float', 'observed')])

    def test_summary_tells_the_shape(self) -> None:
        text = 'from torchsummary import summary\n' + net('self.c = nn.Conv2d(3, 4, 3)', 'return self.c(x).mean((2, 3))') + '\nif __name__ == "__main__":\n    summary(Net(), (3, 20, 24))\n'
        self.assertEqual(self.inputs(self.only(self.read(text))), [([2, 3, 20, 24], 'float', 'observed')])

    def test_reconstruction(self) -> None:
        model = net('self.e = nn.Linear(3072, 9)\nself.d = nn.Linear(9, 3072)', 'return self.d(torch.relu(self.e(x.flatten(1)))).view_as(x)')
        loop = 'for x, _ in loader:\n    loss = F.mse_loss(net(x), x)\n    loss.backward()\n    opt.step()'
        read = self.only(self.read(self.script("loader = DataLoader(datasets.CIFAR10('d', transform=T.ToTensor()), 64)", model, loop)))
        self.assertEqual(read['graph']['recipe']['loss']['kind'], 'reconstruct')

    def test_initialisation_of_the_script_counts(self) -> None:
        text = net('self.f = nn.Linear(5, 2)', 'return self.f(x)') + """
def init(m):
    if isinstance(m, nn.Linear):
        nn.init.constant_(m.bias, 3.0)

if __name__ == '__main__':
    net = Net()
    net.apply(init)
    net(torch.zeros(4, 5))
"""
        model = self.only(self.read(text))
        bias = model['graph']['parameters'][1]
        self.assertEqual((bias['initialiser']['kind'], bias['initialiser']['value']), ('constant', 3))

    def test_required_command_line(self) -> None:
        text = """
        import argparse
        p = argparse.ArgumentParser()
        p.add_argument('data')
        p.add_argument('--width', type=int, required=True)
        p.add_argument('--act', choices=['tanh', 'relu'], required=True)
        a = p.parse_args()
        net = nn.Sequential(nn.Linear(4, a.width), nn.Tanh() if a.act == 'tanh' else nn.ReLU())
        net(torch.ones(3, 4))
        """
        model = self.only(self.read(text))
        self.assertEqual(self.inputs(model), [([2, 4], 'float', 'observed')])
        self.assertTrue(any('--width' in guess['message'] for guess in model['guesses']))


if __name__ == '__main__':
    unittest.main()
