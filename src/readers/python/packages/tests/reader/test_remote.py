"""Models whose parts live on other workers, and scripts that train in other processes."""

from __future__ import annotations

from .reading_case import ReadingCase

PARTS = """
import torch.distributed.autograd as dist_autograd
import torch.distributed.rpc as rpc
import torch.multiprocessing as mp
from torch.distributed.optim import DistributedOptimizer
from torch.distributed.rpc import RRef

class First(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.layer = nn.Linear(6, width)
    def forward(self, reference):
        return torch.relu(self.layer(reference.to_here()))
    def references(self):
        return [RRef(p) for p in self.parameters()]

class Second(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.layer = nn.Linear(width, 3)
    def forward(self, reference):
        return self.layer(reference.to_here())

class Split(nn.Module):
    def __init__(self, workers, width=8):
        super().__init__()
        self.first = rpc.remote(workers[0], First, args=(width,))
        self.second = rpc.remote(workers[1], Second, kwargs={'width': width})
    def forward(self, x):
        futures = []
        for part in iter(x.split(2, dim=0)):
            held = self.first.remote().forward(RRef(part))
            futures.append(self.second.rpc_async().forward(held))
        return torch.cat(torch.futures.wait_all(futures))
"""
MASTER = """
def master():
    model = Split(['a', 'b'])
    optimiser = DistributedOptimizer(torch.optim.SGD, model.first.rpc_sync().references(), lr=0.25)
    for _ in range(3):
        with dist_autograd.context() as context:
            loss = nn.MSELoss()(model(torch.randn(4, 6)), torch.zeros(4, 3))
            dist_autograd.backward(context, [loss])
            optimiser.step(context)

def run(rank, world_size):
    rpc.init_rpc(f'worker{rank}', rank=rank, world_size=world_size)
    if rank == 1:
        master()
    elif rank == 0:
        raise RuntimeError('no such device')
    rpc.shutdown()

if __name__ == '__main__':
    mp.spawn(run, args=(3,), nprocs=3, join=True)
"""


class Remote(ReadingCase):
    def test_parts_on_other_workers_are_parts_of_the_model(self) -> None:
        model = self.only(self.read(PARTS, MASTER))
        self.assertEqual(model['entry'], "Split(['a', 'b'])")
        self.assertEqual(self.inputs(model), [([2, 6], 'float', 'observed')])
        self.assertEqual(model['guesses'], [])
        names = [item['name'] for item in model['graph']['parameters']]
        self.assertEqual(names, ['first.layer.weight', 'first.layer.bias', 'second.layer.weight', 'second.layer.bias'])
        recipe = model['graph']['recipe']
        self.assertEqual((recipe['loss']['kind'], recipe['optimiser']['learningRate']), ('mse', 0.25))

    def test_a_started_process_trains_here(self) -> None:
        main = """
        if __name__ == '__main__':
            mp.set_start_method('spawn')
            processes = [mp.Process(target=master) for _ in range(2)]
            for process in processes:
                process.start()
            for process in processes:
                process.join()
        """
        model = self.only(self.read(PARTS, MASTER.partition('def run')[0], main))
        self.assertEqual(self.inputs(model), [([2, 6], 'float', 'observed')])

    def test_a_spawned_function_that_fails_for_every_rank_is_told(self) -> None:
        text = """
        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.layer = nn.Linear(4, 2)
            def forward(self, x):
                return self.layer(x)

        def run(rank):
            Net()(torch.randn(2, 5))
            raise ValueError(f'rank {rank}')

        torch.multiprocessing.spawn(run, nprocs=2)
        """
        unread = self.read(text)['models'][0]['unread']
        self.assertEqual(unread['code'], 'shape-mismatch')

    def test_a_function_that_answers_later(self) -> None:
        text = """
        import torch.distributed.rpc as rpc

        class Server:
            def __init__(self):
                self.reference = rpc.RRef(self)
                self.model = nn.Linear(3, 2)
                self.waiting = torch.futures.Future()
            @staticmethod
            @rpc.functions.async_execution
            def answer(reference, x):
                self = reference.local_value()
                later = self.waiting.then(lambda future: future.wait().sum())
                self.waiting.set_result(self.model(x))
                return later

        server = Server()
        total = rpc.rpc_sync(server.reference.owner(), Server.answer, args=(server.reference, torch.randn(5, 3)))
        assert total.shape == ()
        """
        result = self.read(text)
        self.assertEqual(result['problems'], [])

    def test_offsets_that_are_an_input(self) -> None:
        text = """
        from torch.distributed.nn import RemoteModule

        class Net(nn.Module):
            def __init__(self, table):
                super().__init__()
                self.table = table
                self.head = nn.parallel.DistributedDataParallel(nn.Linear(4, 2))
            def forward(self, indices, offsets):
                return self.head(self.table.forward(indices, offsets))

        net = Net(RemoteModule('ps', nn.EmbeddingBag, args=(10, 4), kwargs={'mode': 'sum'}))
        net(torch.tensor([1, 2, 4, 5, 4, 3]), torch.tensor([0, 1, 4]))
        """
        model = self.only(self.read(text))
        self.assertEqual([shape for shape, _, _ in self.inputs(model)], [[6], [3]])
        self.assertIn('3 bags of equal size', model['guesses'][0]['message'])
        constants = [node['attributes'] for node in model['graph']['nodes'] if node['op'] == 'constant']
        self.assertIn([bag for bag in range(3) for _ in range(2 * 4)], [item['values'] for item in constants])


class Wrapped(ReadingCase):
    NET = """
    class Net(nn.Module):
        def __init__(self):
            super().__init__()
            self.f = nn.Conv2d(3, 4, 3)
        def forward(self, x):
            return self.f(x).mean((2, 3))
    """

    def test_models_that_are_spread_over_devices(self) -> None:
        for wrapped in (
            'torch.distributed.fsdp.FullyShardedDataParallel(Net(), device_id=0)',
            'torch.distributed.fsdp.fully_shard(Net(), mesh=None)',
            'torch.distributed.tensor.parallel.parallelize_module(Net(), None, {})',
            'nn.parallel.DistributedDataParallel(Net())',
        ):
            with self.subTest(wrapped=wrapped):
                model = self.only(self.read(self.NET, f'model = {wrapped}\nmodel(torch.randn(5, 3, 20, 24))\n'))
                self.assertEqual(self.inputs(model), [([2, 3, 20, 24], 'float', 'observed')])
                self.assertEqual([item['name'] for item in model['graph']['parameters']][0].removeprefix('module.'), 'f.weight')

    def test_accelerate_prepares_nothing(self) -> None:
        text = """
        from accelerate import Accelerator

        accelerator = Accelerator(mixed_precision='fp16')
        model = Net()
        model, optimizer = accelerator.prepare(model, torch.optim.SGD(model.parameters(), lr=0.5))
        with accelerator.accumulate(model):
            loss = F.cross_entropy(model(torch.randn(5, 3, 20, 24, device=accelerator.device)), torch.zeros(5, dtype=torch.long))
            accelerator.backward(loss)
            optimizer.step()
        """
        model = self.only(self.read(self.NET, text))
        self.assertEqual(self.inputs(model), [([2, 3, 20, 24], 'float', 'observed')])
        self.assertEqual(model['graph']['recipe']['optimiser']['learningRate'], 0.5)


class Siblings(ReadingCase):
    def test_what_another_is_fed_is_not_taken_where_the_arguments_differ_and_the_call_is_unknown(self) -> None:
        text = """
        import gymnasium
        class Policy(nn.Module):
            def __init__(self, axis):
                super().__init__()
                self.layer = nn.Linear(4, 2)
                self.axis = axis
            def forward(self, x):
                return F.softmax(self.layer(x), dim=self.axis)

        many, one = Policy(2), Policy(1)
        many(torch.zeros(3, 1, 4))
        one(torch.from_numpy(gymnasium.make('CartPole-v1').reset()))
        """
        read = {model['entry']: self.inputs(model) for model in self.read(text)['models']}
        self.assertEqual(read['many'], [([2, 1, 4], 'float', 'observed')])
        self.assertEqual(read['one'], [([2, 4], 'float', 'solved')])
