/**
 * The command line: one class per command, which reads its options, calls a module and prints. Exit codes: 0 done, 1 failed, 2 wrong
 * usage. Single-threaded.
 */
@NullMarked
package io.outrider.app.command;

import org.jspecify.annotations.NullMarked;
