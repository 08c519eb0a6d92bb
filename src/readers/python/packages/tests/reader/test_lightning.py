"""Lightning: modules with and without a forward pass, fitted or only defined."""

from typing import Any

from .reading_case import ReadingCase

_CLASSIFIER = """
import {package} as pl
import torchmetrics
from torch.utils.data import DataLoader
from torchvision import transforms
from torchvision.datasets import MNIST

class Digits(pl.LightningDataModule):
    def __init__(self, batch_size=64):
        super().__init__()
        self.save_hyperparameters()

    def prepare_data(self):
        MNIST('.', download=True)

    def setup(self, stage):
        self.train = MNIST('.', train=True, transform=transforms.ToTensor())

    def train_dataloader(self):
        return DataLoader(self.train, batch_size=self.hparams.batch_size, shuffle=True)

class Classifier(pl.LightningModule):
    def __init__(self, hidden=48, rate=0.02, classes=10):
        super().__init__()
        self.save_hyperparameters()
        self.body = nn.Sequential(nn.Flatten(), nn.Linear(784, self.hparams.hidden), nn.Sigmoid())
        self.head = nn.Linear(hidden, classes)
        self.accuracy = torchmetrics.Accuracy(task='multiclass', num_classes=classes)

    def forward(self, x):
        return self.head(self.body(x))

    def training_step(self, batch, batch_idx):
        x, y = batch
        logits = self(x)
        loss = F.cross_entropy(logits, y)
        self.log('train_loss', loss, prog_bar=True)
        self.log('accuracy', self.accuracy(logits, y))
        return loss

    def configure_optimizers(self):
        optimizer = torch.optim.SGD(self.parameters(), lr=self.hparams.rate, momentum=0.9)
        return [optimizer], [torch.optim.lr_scheduler.StepLR(optimizer, 1)]
"""
_FIT = """
if __name__ == '__main__':
    pl.seed_everything(3)
    trainer = pl.Trainer(max_epochs=2, callbacks=[pl.callbacks.EarlyStopping('x')], logger=pl.loggers.CSVLogger('.'))
    trainer.fit(Classifier(hidden=24), datamodule=Digits())
    trainer.test(datamodule=Digits())
"""

_AUTOENCODER = """
import lightning as L

class Squeeze(L.LightningModule):
    def __init__(self):
        super().__init__()
        self.encoder = nn.Sequential(nn.Linear(784, 32), nn.Tanh(), nn.Linear(32, 3))
        self.decoder = nn.Sequential(nn.Linear(3, 32), nn.Tanh(), nn.Linear(32, 784))

    def training_step(self, batch, batch_idx):
        x, _ = batch
        x = x.view(x.size(0), -1)
        z = self.encoder(x)
        x_hat = self.decoder(z)
        loss = F.mse_loss(x_hat, x)
        self.log('loss', loss)
        return loss

    def configure_optimizers(self):
        return torch.optim.Adam(self.parameters(), lr=3e-3)
"""

_NET = """
import lightning.pytorch as pl

class Judge(pl.LightningModule):
    def __init__(self, net=None):
        super().__init__()
        self.net = nn.Sequential(nn.Linear(11, 5), nn.ReLU(), nn.Linear(5, 2))
        self.loss = nn.CrossEntropyLoss()

    def training_step(self, batch, batch_idx):
        x, y = batch
        return self.loss(self.net(x), y)

    def configure_optimizers(self):
        return {'optimizer': torch.optim.AdamW(self.net.parameters(), lr=0.005)}
"""


class LightningTest(ReadingCase):
    def recipe(self, model: Any) -> tuple[Any, ...]:
        held = model['graph']['recipe']
        optimiser = held['optimiser']
        return held['loss'] and held['loss']['kind'], optimiser and (optimiser['name'], optimiser['learningRate'])

    def ops(self, model: Any, op: str) -> int:
        return sum(node['op'] == op for node in model['graph']['nodes'])

    def test_fitted_classifier(self) -> None:
        for package in ('pytorch_lightning', 'lightning', 'lightning.pytorch'):
            model = self.only(self.read(_CLASSIFIER.format(package=package), _FIT))
            self.assertEqual((model['name'], model['entry']), ('Classifier', 'Classifier(hidden=24)'))
            self.assertEqual(self.inputs(model), [([2, 1, 28, 28], 'float', 'observed')])
            self.assertEqual(self.recipe(model), ('cross-entropy', ('SGD', 0.02)))

    def test_class_alone(self) -> None:
        model = self.only(self.read(_CLASSIFIER.format(package='lightning')))
        self.assertEqual(model['entry'], 'Classifier()')
        self.assertEqual(self.recipe(model), ('cross-entropy', ('SGD', 0.02)))
        shapes = [value['shape'] for value in model['graph']['values']]
        self.assertIn([2, 48], shapes)

    def test_step_in_place_of_forward(self) -> None:
        fit = """
        from torch.utils.data import DataLoader
        from torchvision import datasets, transforms
        loader = DataLoader(datasets.MNIST('.', transform=transforms.ToTensor()), batch_size=32)
        L.Trainer(max_epochs=1).fit(Squeeze(), loader)
        """
        model = self.only(self.read(_AUTOENCODER, fit))
        self.assertEqual(self.inputs(model), [([2, 1, 28, 28], 'float', 'observed')])
        self.assertEqual(self.recipe(model), ('reconstruct', ('Adam', 0.003)))
        outputs = [model['graph']['values'][number]['shape'] for number in model['graph']['outputs']]
        self.assertEqual((outputs, self.ops(model, 'linear') or self.ops(model, 'matmul')), ([[2, 784]], 4))

    def test_step_alone(self) -> None:
        model = self.only(self.read(_AUTOENCODER))
        self.assertEqual(self.inputs(model)[0][0], [2, 784])
        self.assertEqual(self.recipe(model), ('reconstruct', ('Adam', 0.003)))
        model = self.only(self.read(_NET))
        self.assertEqual(model['name'], 'Judge')
        self.assertEqual(self.inputs(model)[0][0], [2, 11])
        outputs = [model['graph']['values'][number]['shape'] for number in model['graph']['outputs']]
        self.assertEqual(outputs, [[2, 2]])
        self.assertEqual(self.recipe(model), ('cross-entropy', ('AdamW', 0.005)))

    def test_targets_follow_the_batch(self) -> None:
        fit = """
        from torch.utils.data import DataLoader, TensorDataset
        data = TensorDataset(torch.randn(96, 11), torch.randint(0, 2, (96,)))
        pl.Trainer().fit(Judge(), DataLoader(data, batch_size=24))
        """
        model = self.only(self.read(_NET, fit))
        self.assertEqual(self.inputs(model)[0], ([2, 11], 'float', 'observed'))
        self.assertEqual(self.recipe(model), ('cross-entropy', ('AdamW', 0.005)))

    def test_hyperparameters(self) -> None:
        model = self.only(
            self.read("""
            from pytorch_lightning import LightningModule

            class Base(LightningModule):
                def __init__(self, width=6, **others):
                    super().__init__()
                    self.save_hyperparameters(ignore=['secret'])

            class Net(Base):
                def __init__(self, depth=2, secret=None, **others):
                    super().__init__(**others)
                    assert 'secret' not in self.hparams and self.hparams['depth'] == depth
                    self.layers = nn.Sequential(*[nn.Linear(self.hparams.width, self.hparams.width) for _ in range(depth)])
                    self.to(self.device)

                def forward(self, x):
                    return self.layers(x)
            net = Net(depth=3, width=9)
            """)
        )
        self.assertEqual(self.inputs(model)[0][0], [2, 9])
        self.assertEqual(len(model['graph']['parameters']), 6)

    def test_example_input(self) -> None:
        model = self.only(
            self.read("""
            import lightning as L

            class Net(L.LightningModule):
                def __init__(self):
                    super().__init__()
                    self.example_input_array = torch.zeros(1, 5, 17)
                    self.layer = nn.Conv1d(5, 4, 3)

                def forward(self, x):
                    return self.layer(x)
            """)
        )
        self.assertEqual(self.inputs(model), [([2, 5, 17], 'float', 'declared')])
        self.assertIn('example_input_array', model['graph']['inputs'][0]['reason'])

    def test_a_fault_of_the_step_is_told(self) -> None:
        found = self.read(_NET.replace('nn.Linear(5, 2)', 'nn.Linear(6, 2)'))
        self.assertEqual(found['models'][0]['unread']['code'], 'shape-mismatch')

    def test_terms_beyond_the_first_loss_are_told(self) -> None:
        for step in (
            'loss = F.mse_loss(x_hat, y) + (z ** 2).sum()',
            'loss = F.mse_loss(x_hat, x) + F.l1_loss(z, y)',
        ):
            text = _AUTOENCODER.replace('x, _ = batch', 'x, y = batch').replace('loss = F.mse_loss(x_hat, x)', step)
            model = self.only(self.read(text))
            [guess] = model['guesses']
            self.assertIn('is read by its training step', guess['message'])
            self.assertEqual(self.line(guess['span']), 13, step)

    def test_one_loss_is_no_guess(self) -> None:
        for step in (
            'loss = F.mse_loss(x_hat, x) / 2',
            'loss = F.mse_loss(x_hat, y)\n        self.metric(x_hat, y)\n        loss = loss * 2',
            'loss = 0.5 * F.mse_loss(x_hat, x, reduction="none").sum(1).mean()',
        ):
            text = _AUTOENCODER.replace('x, _ = batch', 'x, y = batch').replace('loss = F.mse_loss(x_hat, x)', step)
            text = text.replace('super().__init__()', 'super().__init__()\n        import torchmetrics\n        self.metric = torchmetrics.X()')
            self.assertEqual(self.only(self.read(text))['guesses'], [], step)

    def test_terms_that_a_step_adds_up_are_the_loss(self) -> None:
        for step, count in (
            ('loss = F.mse_loss(x_hat, x) + 0.1 * (z ** 2).sum()', 2),
            ('loss = F.mse_loss(x_hat, x) + F.l1_loss(z, torch.zeros_like(z))', 2),
            ('loss = ((x_hat - x) ** 2).mean()', 1),
        ):
            model = self.only(self.read(_AUTOENCODER.replace('loss = F.mse_loss(x_hat, x)', step)))
            graph = model['graph']
            self.assertEqual(self.recipe(model)[0], 'output', step)
            self.assertEqual((len(graph['outputs']), graph['recipe']['terms']), (count, [count - 1]), step)
            self.assertEqual((graph['values'][graph['outputs'][-1]]['shape'], model['guesses']), ([], []), step)
