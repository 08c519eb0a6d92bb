"""Models over the nodes of a graph."""

from __future__ import annotations

from .reading_case import ReadingCase

NET = """
import numpy as np

class Net(nn.Module):
    def __init__(self, width, classes):
        super().__init__()
        self.first, self.second = nn.Linear(width, 8), nn.Linear(8, classes)
    def forward(self, x, adj):
        return torch.spmm(adj, self.second(F.relu(torch.sparse.mm(adj, self.first(x)))))
"""


class Graphs(ReadingCase):
    def test_links_are_made_up_where_only_the_name_tells_them(self) -> None:
        model = self.only(self.read(NET, 'net = Net(6, 3)\n', batch=7))
        self.assertEqual(self.inputs(model), [([7, 6], 'float', 'solved')])
        self.assertIn('`adj` is made up, a ring', model['guesses'][0]['message'])
        links = next(node['attributes']['values'] for node in model['graph']['nodes'] if node['op'] == 'constant')
        self.assertEqual(links[:7], [0.2, 0.2, 0.2, 0, 0, 0.2, 0.2])
        self.assertEqual([round(sum(links[row * 7 : row * 7 + 7]), 6) for row in range(7)], [1] * 7)

    def test_the_graph_that_the_file_feeds_may_have_other_nodes(self) -> None:
        text = """
        net = Net(6, 3)
        adj = (torch.rand(400, 400) > 0.9).float().to_sparse()
        F.cross_entropy(net(torch.randn(400, 6), adj), torch.zeros(400, dtype=torch.long)).backward()
        """
        model = self.only(self.read(NET, text, batch=4))
        self.assertEqual(self.inputs(model), [([4, 6], 'float', 'observed')])
        self.assertEqual(len(model['guesses']), 1)

    def test_a_square_input_of_another_name_stays_an_input(self) -> None:
        text = NET.replace('adj', 'kernel') + 'net = Net(6, 3)\nnet(torch.randn(5, 6), torch.randn(5, 5))\n'
        result = self.read(text, batch=5)
        self.assertEqual([shape for shape, _, _ in self.inputs(self.only(result))], [[5, 6], [5, 5]])

    def test_a_graph_from_public_files(self) -> None:
        text = """
        content = np.genfromtxt('cora/cora.content', dtype=np.dtype(str))
        cites = np.genfromtxt('cora/cora.cites', dtype=np.int32)
        features = torch.FloatTensor(content[:, 1:-1].astype(np.int32))
        places = {name: place for place, name in enumerate(content[:, 0].astype(np.int32))}

        def load():
            edges = np.array([[places[a], places[b]] for a, b in cites])
            adj = torch.sparse_coo_tensor(edges.T, torch.ones(edges.shape[0]), (len(content), len(content)))
            return torch.eye(len(content)) + adj

        adj = load()
        net = Net(features.shape[1], 7)
        net(features, adj)
        """
        model = self.only(self.read(NET, text))
        self.assertEqual(model['entry'], 'net')
        self.assertEqual(self.inputs(model), [([2, 1433], 'float', 'observed')])
        self.assertIn('`cora.content` with 2,708 rows of 1435 columns', model['graph']['inputs'][0]['reason'])


class Sparse(ReadingCase):
    def test_numbers_of_one_place_are_added_up(self) -> None:
        text = """
        a = torch.sparse_coo_tensor([[0, 1, 1], [2, 0, 0]], [3.0, 4.0, 5.0], (2, 3))
        assert a.to_dense().tolist() == [[0, 0, 3], [9, 0, 0]], a.to_dense().tolist()
        assert torch.sparse.mm(a.coalesce(), torch.ones(3, 1)).tolist() == [[3], [9]]
        """
        self.assertEqual(self.read(text)['problems'], [])
