/** The spans of requests: begun as they arrive, carried as an attribute of the request, ended with the answer. */
@NullMarked
package io.outrider.http.trace;

import org.jspecify.annotations.NullMarked;
