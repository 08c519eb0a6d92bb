import type { Node, Statement, TSModuleDeclaration } from '@babel/types';
import type { Insertion } from './callSites';
import type { Tree } from './tree';

/** Turns each `namespace X { export ... }` of TypeScript into an object that a function fills: types aside, they mean the same. */
export function namespacesAsObjects(tree: Tree): Insertion[] {
  return tree.file.program.body.flatMap((statement) => ofStatement(statement));
}

function ofStatement(statement: Statement): Insertion[] {
  const declared = statement.type === 'ExportNamedDeclaration' ? statement.declaration : statement;
  return declared?.type === 'TSModuleDeclaration' ? ofNamespace(declared) : [];
}

function ofNamespace(node: TSModuleDeclaration): Insertion[] {
  const { id, body } = node;
  if (node.declare === true || id.type !== 'Identifier' || body.type !== 'TSModuleBlock') return [];
  const names = body.body.flatMap((inner) =>
    inner.type === 'ExportNamedDeclaration' ? exportedNames(inner.declaration ?? null) : [],
  );
  const getters = names.map((name) => `get ${name}(){return ${name}}`).join(',');
  const inside = body.body.flatMap((inner): Insertion[] => {
    if (inner.type !== 'ExportNamedDeclaration' || !inner.declaration) return ofStatement(inner);
    // Without `export` the declaration stays what it is inside the function.
    const dropped = { at: inner.start ?? 0, text: '', rank: -1e6, until: inner.declaration.start ?? 0 };
    return [dropped, ...(inner.declaration.type === 'TSModuleDeclaration' ? ofNamespace(inner.declaration) : [])];
  });
  const end = (node.end ?? 1) - 1;
  return [
    { at: node.start ?? 0, text: `const ${id.name}=(()=>{`, rank: -1e6, until: (body.start ?? 0) + 1 },
    ...inside,
    { at: end, text: `;return {${getters}}})();`, rank: 2e6, until: end + 1 },
  ];
}

function exportedNames(node: Node | null): string[] {
  switch (node?.type) {
    case 'FunctionDeclaration':
    case 'ClassDeclaration':
    case 'TSEnumDeclaration':
    case 'TSModuleDeclaration':
      return node.id?.type === 'Identifier' ? [node.id.name] : [];
    case 'VariableDeclaration':
      return node.declarations.flatMap(({ id }) => (id.type === 'Identifier' ? [id.name] : []));
    default:
      return [];
  }
}
