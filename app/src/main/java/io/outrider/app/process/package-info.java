/** Batch jobs in processes of their own: the job that starts one, what the two tell each other, and what runs in it. */
@NullMarked
package io.outrider.app.process;

import org.jspecify.annotations.NullMarked;
