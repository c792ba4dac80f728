/**
 * The lake on Azure against Azurite (tag {@code azurite}, started by {@code .ci/azurite}), directly and through a proxy
 * that breaks things.
 */
@NullMarked
package io.outrider.lake.azure;

import org.jspecify.annotations.NullMarked;
