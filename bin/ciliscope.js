#!/usr/bin/env node
// Plain old syntax on purpose: any Node from the last ten years must get far enough to say what is wrong.
// Finds a Node that is new enough (the project brings one as a package) and imports the built program.
'use strict';
