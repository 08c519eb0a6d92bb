import * as assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { closeAll, extension, fileUri, open, openCopy, ours, settled, until } from './support';

/** Files with ten sigmoids in a row, and what of them the first squiggle lies under. */
const ill: [file: string, model: string, underlined: string, line: string][] = [
  ['sigmoid_layers.ts', 'buildClassifier', 'tf.layers.dense({ units: 24,', 'tf.layers.dense({ units: 24,'],
  ['sigmoid_keras.json', 'classifier', '"Dense"', '"class_name": "Dense"'],
  ['saved/model.json', 'classifier', '"Dense"', '"class_name":"Dense"'],
  ['sigmoid_rows.yaml', 'sigmoid_rows', '[-1, 1, Conv, [16, 3, 2]]', '[-1, 1, Conv, [16, 3, 2]]'],
  ['sigmoid_keras.py', 'build_classifier', 'layers.Dense(24, activation="sigmoid")', 'layers.Dense(24,'],
];

/** Files of the same languages that hold no model, one of them broken. */
const ordinary = ['labels.json', 'detector_settings.yaml', 'page.tsx', 'jsconfig.json'];

const codes = (uri: vscode.Uri) =>
  ours(uri).map(({ code }) => (typeof code === 'object' ? code.value : (code ?? 'none')));

suite('every language that is read', () => {
  teardown(closeAll);

  for (const [file, name, underlined, line] of ill) {
    test(`${file}: underlines the layers that get no gradient, and closing clears them`, async () => {
      const { document } = await open(file);
      const report = await settled(document.uri);
      assert.deepEqual(
        report.models.map((model) => [model.name, model.verdict]),
        [[name, 'vanishing']],
      );
      assert.deepEqual(report.problems, []);
      assert.deepEqual([...new Set(codes(document.uri))], ['vanishing-gradient']);
      const [first] = ours(document.uri).sort((a, b) => a.range.start.compareTo(b.range.start));
      assert.ok(first);
      assert.ok(document.getText(first.range).startsWith(underlined), document.getText(first.range));
      const text = document.lineAt(first.range.start.line).text.replace(/" ?: ?"/g, '": "');
      assert.ok(text.includes(line.replace(/" ?: ?"/g, '": "')), text);
      assert.match(first.message, /[Ss]igmoid|saturat|squash/);
      await closeAll();
      await until('the squiggles to go', () => ours(document.uri).length === 0);
    });
  }

  test('a Keras notebook: underlines the layers in their cell', async () => {
    const notebook = await vscode.workspace.openNotebookDocument(fileUri('sigmoid_keras.ipynb'));
    await vscode.window.showNotebookDocument(notebook);
    const report = await settled(notebook.uri);
    assert.equal(report.models[0]?.verdict, 'vanishing');
    const cell = notebook.cellAt(3).document;
    const [found] = ours(cell.uri);
    assert.equal(cell.getText(found?.range), 'layers.Dense(24, activation="sigmoid")');
  });

  for (const file of ordinary) {
    test(`${file}: is no model, and costs nothing`, async () => {
      const { document } = await open(file);
      await until('activation', () => extension().isActive);
      await document.save();
      await new Promise((resolve) => setTimeout(resolve, 300));
      assert.equal(extension().exports.phase(document.uri.fsPath), null, 'it was read');
      assert.deepEqual(ours(document.uri), []);
    });
  }

  for (const file of ['sigmoid_layers.ts', 'sigmoid_keras.json', 'sigmoid_rows.yaml']) {
    test(`${file}: squiggles follow a rename and go with a deletion`, async () => {
      const { document } = await openCopy(file);
      await settled(document.uri);
      const count = ours(document.uri).length;
      assert.ok(count > 0);
      const renamed = fileUri(`renamed_${file}`);
      const rename = new vscode.WorkspaceEdit();
      rename.renameFile(document.uri, renamed, { overwrite: true });
      assert.ok(await vscode.workspace.applyEdit(rename));
      await until('no squiggle under the old name', () => ours(document.uri).length === 0);
      await settled(renamed);
      assert.equal(ours(renamed).length, count);
      const deletion = new vscode.WorkspaceEdit();
      deletion.deleteFile(renamed);
      assert.ok(await vscode.workspace.applyEdit(deletion));
      await until('no squiggle', () => ours(renamed).length === 0);
    });
  }
});
