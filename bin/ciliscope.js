#!/usr/bin/env node
// Plain old syntax on purpose: whatever Node somebody has must get far enough to say what is wrong.
// Finds a Node that is new enough (the project brings one as a package) and hands over to the built program.
'use strict';

var childProcess = require('child_process');
var fs = require('fs');
var path = require('path');

var NEEDED = 24;
var system = process.platform + '-' + process.arch;
var broughtFor = ['linux-x64', 'linux-arm64', 'win32-x64'];
var missing = 'ciliscope is not installed whole: the Node it brings is missing. Run: npm ci';
var built = path.join(__dirname, '..', 'dist', 'main.js');

if (!fs.existsSync(built)) {
  end('ciliscope is not built yet. Run: npm run build');
} else if (parseInt(process.versions.node, 10) >= NEEDED) {
  import(require('url').pathToFileURL(built).href).then(
    (program) => {
      program.start();
    },
    (error) => {
      end('ciliscope could not be loaded: ' + error.message + '. Run: npm ci');
    },
  );
} else {
  runUnder(broughtNode());
}

// The package node-<platform>-<arch> holds nothing but the binary; there is none for macOS.
function broughtNode() {
  var platform = process.platform === 'win32' ? 'win' : process.platform;
  try {
    var folder = path.dirname(require.resolve('node-' + platform + '-' + process.arch + '/package.json'));
    return path.join(folder, 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
  } catch (error) {
    return '';
  }
}

// The same program under another Node: terminal, signals and exit code pass through.
function runUnder(node) {
  if (node === '')
    return end(broughtFor.indexOf(system) >= 0 ? missing : tooOld('the project brings none for ' + system));
  // Less room for what lives briefly: V8 would take some 50 MB more for it on a large cluster.
  var options = ['--max-semi-space-size=4', __filename];
  var child = childProcess.spawn(node, options.concat(process.argv.slice(2)), { stdio: 'inherit' });
  var signals = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT', 'SIGUSR1', 'SIGUSR2'];
  signals.forEach((signal) => {
    process.on(signal, () => {
      child.kill(signal);
    });
  });
  child.on('error', (error) => {
    // ENOENT for a file that is there means that its loader is not: the binary is for glibc, the system has musl.
    end(tooOld('the one the project brings cannot run here (' + error.code + ')'));
  });
  child.on('exit', (code, signal) => {
    if (signal === null) {
      process.exitCode = code;
      return;
    }
    signals.forEach((name) => {
      process.removeAllListeners(name);
    });
    process.kill(process.pid, signal);
  });
}

function tooOld(why) {
  return (
    'ciliscope needs Node ' +
    NEEDED +
    ' or newer, this is ' +
    process.versions.node +
    ' and ' +
    why +
    '. Install Node ' +
    NEEDED +
    ' and start again.'
  );
}

function end(sentence) {
  process.stderr.write(sentence + '\n');
  process.exitCode = 2;
}
