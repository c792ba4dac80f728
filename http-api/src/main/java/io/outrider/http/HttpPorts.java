package io.outrider.http;

import io.outrider.core.event.EventSchema;
import io.outrider.core.port.AccountQueries;
import io.outrider.core.port.AlertFeed;
import io.outrider.core.port.AlertSearch;
import io.outrider.core.port.Backtests;
import io.outrider.core.port.ClusterNodes;
import io.outrider.core.port.DataQuality;
import io.outrider.core.port.DriftReports;
import io.outrider.core.port.Erasures;
import io.outrider.core.port.LabelIntake;
import io.outrider.core.port.ModelCatalog;
import io.outrider.core.port.NodeStatus;
import io.outrider.core.port.PastDecisions;
import io.outrider.core.port.Reviews;
import io.outrider.core.port.Rollouts;
import io.outrider.core.port.Runs;
import io.outrider.core.port.TransactionIntake;
import io.outrider.core.port.WhatIf;
import io.outrider.core.telemetry.LiveMetrics;
import io.outrider.core.trace.Tracing;

/**
 * What the API needs from the rest of the node.
 *
 * @param schema how a what-if transaction is read: the plan's schema in force
 * @param tracing where the spans of requests come from
 */
public record HttpPorts(
        AccountQueries accounts,
        AlertFeed alerts,
        AlertSearch search,
        PastDecisions past,
        Reviews reviews,
        TransactionIntake intake,
        LabelIntake labels,
        WhatIf whatIf,
        Runs runs,
        Backtests backtests,
        Rollouts rollouts,
        DriftReports drift,
        ModelCatalog models,
        ClusterNodes nodes,
        DataQuality quality,
        NodeStatus status,
        LiveMetrics metrics,
        EventSchema schema,
        Erasures erasures,
        Tracing tracing) {}
