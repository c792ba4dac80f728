/**
 * Training runs: from a version of a dataset to a model, documented and measured on later rows than it was fitted on, or to a
 * refusal that says why. Reads {@code dataset}, fits with {@code fit}, measures with {@code evaluation}; called by the command line
 * and by the supervisor. Runs in the calling thread; a supervised fit takes a second one.
 */
@NullMarked
package io.outrider.training.run;

import org.jspecify.annotations.NullMarked;
