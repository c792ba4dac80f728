/** Where the key of accounts' pseudonyms comes from, for everything that decodes: nodes, commands, Spark's tasks. Immutable. */
@NullMarked
package io.outrider.lake.pseudonym;

import org.jspecify.annotations.NullMarked;
