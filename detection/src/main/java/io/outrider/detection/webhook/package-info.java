/**
 * Alerts to webhooks: one node at a time reads the alerts topic for each endpoint, signs, sends, tries again, and keeps in the lake how
 * far it is. A thread for each endpoint, so that one which does not answer holds up no other.
 */
@NullMarked
package io.outrider.detection.webhook;

import org.jspecify.annotations.NullMarked;
