import * as assert from 'node:assert/strict';
import * as zlib from 'node:zlib';
import * as vscode from 'vscode';
import { closeAll, extension, fileUri, hints, ours, until } from './support';

/** A zip archive of one file, as Keras 3 writes it beside the weights. */
function zipOf(name: string, content: Uint8Array): Uint8Array {
  const packed = zlib.deflateRawSync(content);
  const common = Buffer.alloc(26);
  common.writeUInt16LE(20, 0);
  common.writeUInt16LE(8, 4);
  common.writeUInt32LE(zlib.crc32(content), 10);
  common.writeUInt32LE(packed.length, 14);
  common.writeUInt32LE(content.length, 18);
  common.writeUInt16LE(name.length, 22);
  const signature = (text: string) => Buffer.from(`PK${text}`, 'latin1');
  const local = Buffer.concat([signature('\x03\x04'), common, Buffer.from(name), packed]);
  const entry = Buffer.concat([signature('\x01\x02\x14\x00'), common, Buffer.alloc(14), Buffer.from(name)]);
  const end = Buffer.alloc(18);
  end.writeUInt16LE(1, 4);
  end.writeUInt16LE(1, 6);
  end.writeUInt32LE(entry.length, 8);
  end.writeUInt32LE(local.length, 12);
  return Buffer.concat([local, entry, signature('\x05\x06'), end]);
}

suite('a Keras archive', () => {
  const archive = () => fileUri('classifier.keras');
  const panels = () =>
    vscode.window.tabGroups.all
      .flatMap(({ tabs }) => tabs)
      .filter(({ input }) => input instanceof vscode.TabInputWebview);
  const diagnose = async () => {
    await vscode.commands.executeCommand('gradientLens.diagnoseArchive', archive());
    return extension().exports.report(archive().fsPath);
  };

  suiteSetup(() => extension().activate());
  teardown(async () => {
    await closeAll();
    await vscode.workspace.fs.delete(archive());
  });

  test('is diagnosed on command: the panel shows the report, nothing is underlined, and closing it forgets all', async () => {
    const config = await vscode.workspace.fs.readFile(fileUri('sigmoid_keras.json'));
    await vscode.workspace.fs.writeFile(archive(), zipOf('config.json', config));
    const report = await diagnose();
    const [model, ...more] = report?.models ?? [];
    assert.ok(model && more.length === 0);
    assert.deepEqual([model.name, model.unread, model.parameters.length], ['classifier', null, 22]);
    // The archive holds trained weights: how they started is not known, and nothing is said of it.
    assert.ok(model.parameters.every(({ verdict }) => verdict === 'unjudged'));
    assert.equal(panels()[0]?.label, 'Gradient Flow: classifier.keras');
    assert.deepEqual([...ours(archive()), ...hints(archive())], []);
    await closeAll();
    await until('it to be forgotten', () => extension().exports.report(archive().fsPath) === null);
  });

  test('that is none is said to be none', async () => {
    await vscode.workspace.fs.writeFile(archive(), Buffer.from('weights, but no archive'));
    const report = await diagnose();
    assert.deepEqual(report?.models, []);
    assert.equal(report.problems.length, 1);
    assert.match(report.problems[0]?.message ?? '', /archive/);
  });
});
