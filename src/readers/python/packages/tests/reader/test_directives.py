"""Comments that say what a model is fed with."""

import ast
import linecache
import unittest

from gradient_lens.reader.directives import Directive, directive_for, find_directives
from gradient_lens.reader.problems import Problem


def found(text: str) -> tuple[list[Directive], list[Problem]]:
    linecache.cache['/user/m.py'] = (len(text), None, text.splitlines(keepends=True), '/user/m.py')
    return find_directives(text, ast.parse(text), 'm.py')


class DirectivesTest(unittest.TestCase):
    def test_shape_and_arguments(self) -> None:
        directives, problems = found('# gradient-lens: input=(3, 32, 32) args=(num_classes=10, act="x)y")\nclass A: pass\n')
        self.assertEqual(problems, [])
        self.assertEqual(directives[0].shapes, (((3, 32, 32), 'float', None, False),))
        self.assertEqual(directives[0].target, 'A')
        specs = directives[0].specs(4)
        assert specs is not None
        self.assertEqual((specs[0].shape, specs[0].origin), ((4, 3, 32, 32), 'declared'))

    def test_arguments_with_brackets(self) -> None:
        directives, _ = found('# gradient-lens: args=((3, [4]), {"a": (1,)})\nclass A: pass\n')
        self.assertEqual(directives[0].arguments, '(3, [4]), {"a": (1,)}')
        self.assertIsNone(directives[0].specs(2))

    def test_integers_and_several_inputs(self) -> None:
        directives, problems = found('class A:\n    # Gradient-Lens: input=(24,):int<1_000, (7, 2) input=():int\n    x = 1\n')
        self.assertEqual(problems, [])
        self.assertEqual(directives[0].shapes, (((24,), 'int', 1000, False), ((7, 2), 'float', None, False), ((), 'int', None, False)))
        self.assertEqual(directives[0].target, 'A')

    def test_square_brackets_hold_a_whole_shape(self) -> None:
        directives, problems = found('# gradient-lens: input=[2708, 1433], [9]:int<7, (3,)\nclass A: pass\n')
        self.assertEqual(problems, [])
        specs = directives[0].specs(4)
        assert specs is not None
        told = [(item.shape, item.kind, item.high, item.batch_axis) for item in specs]
        self.assertEqual(told, [((2708, 1433), 'float', None, None), ((9,), 'int', 7, None), ((4, 3), 'float', None, 0)])

    def test_belongs_to_what_stands_below(self) -> None:
        directives, _ = found(
            '# gradient-lens: input=(1,)\n\nimport torch\n\n# gradient-lens: input=(2,)\n# more\n@deco\nclass A: pass\n'
        )
        self.assertEqual([item.target for item in directives], [None, 'A'])
        chosen = directive_for(directives, ['A'])
        assert chosen is not None and chosen.shapes is not None
        self.assertEqual(chosen.shapes[0][0], (2,))
        other = directive_for(directives, ['B'])
        assert other is not None and other.shapes is not None
        self.assertEqual(other.shapes[0][0], (1,))

    def test_misspelt_comment_is_a_problem_at_its_line(self) -> None:
        for body in ('input=3, 32', 'inptu=(3,)', 'input=(3,) args=num_classes=10', 'input=(a, b)', ''):
            directives, problems = found(f'x = 1\n# gradient-lens: {body}\n')
            self.assertEqual(directives, [], body)
            self.assertEqual(problems[0]['code'], 'bad-comment')
            self.assertEqual(problems[0]['span']['range']['start']['line'] if problems[0]['span'] else None, 1)

    def test_silencing_comments_are_left_to_the_report(self) -> None:
        directives, problems = found('x = 1  # gradient-lens: ignore[dead-units]\n')
        self.assertEqual((directives, problems), ([], []))

    def test_strings_are_no_comments(self) -> None:
        directives, problems = found('x = "# gradient-lens: input=(3,)"\n')
        self.assertEqual((directives, problems), ([], []))


if __name__ == '__main__':
    unittest.main()
