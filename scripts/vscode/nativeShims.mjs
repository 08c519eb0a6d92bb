// Plain JavaScript in place of the server's native modules, so that no compiler is needed: log files, the watchdog that
// ends the server with its parent, and a telemetry id (telemetry is off).

const spdlog = `'use strict';
const fs = require('fs'), path = require('path');
const NAMES = ['trace', 'debug', 'info', 'warning', 'error', 'critical'];
class Logger {
  constructor(file) { this.file = file; this.level = 2; this.raw = false; }
  write(level, message) {
    if (level < this.level) return;
    const line = this.raw ? message : new Date().toISOString() + ' [' + NAMES[level] + '] ' + message + '\\n';
    try { fs.appendFileSync(this.file, line); } catch { /* the folder is gone at shutdown */ }
  }
  trace(m) { this.write(0, m); }
  debug(m) { this.write(1, m); }
  info(m) { this.write(2, m); }
  warn(m) { this.write(3, m); }
  error(m) { this.write(4, m); }
  critical(m) { this.write(5, m); }
  getLevel() { return this.level; }
  setLevel(level) { this.level = level; }
  clearFormatters() { this.raw = true; }
  setPattern() {}
  flush() {}
  drop() {}
}
const make = async (name, file) => {
  await fs.promises.mkdir(path.dirname(file), { recursive: true });
  return new Logger(file);
};
// Assigned one by one, because the server imports them as an ES module and Node finds only such names.
exports.version = 0;
exports.setLevel = () => {};
exports.setFlushOn = () => {};
exports.Logger = Logger;
exports.createRotatingLogger = make;
exports.createAsyncRotatingLogger = make;
`;

const watchdog = `'use strict';
exports.start = (pid) => {
  setInterval(() => { try { process.kill(pid, 0); } catch { process.exit(87); } }, 2000).unref();
};
exports.exit = (code) => process.exit(code || 0);
`;

const deviceId = `'use strict';
exports.getDeviceId = async () => '00000000-0000-4000-8000-000000000000';
`;

/** Package name -> source of its index.js. */
export const nativeShims = {
  '@vscode/spdlog': spdlog,
  '@vscode/native-watchdog': watchdog,
  '@vscode/deviceid': deviceId,
};
