package io.outrider.http.api;

import com.fasterxml.jackson.core.JsonGenerator;
import io.outrider.core.port.ClusterNodes;
import java.io.IOException;
import java.util.List;
import org.apache.pekko.http.javadsl.server.AllDirectives;
import org.apache.pekko.http.javadsl.server.PathMatchers;
import org.apache.pekko.http.javadsl.server.Route;

/** {@code GET monitoring/nodes}: the nodes of the cluster and the partitions on each. */
final class ClusterRoutes extends AllDirectives {

    private final ClusterNodes nodes;

    ClusterRoutes(ClusterNodes nodes) {
        this.nodes = nodes;
    }

    Route route() {
        return path(
                PathMatchers.segment("monitoring").slash("nodes"),
                () -> get(() -> completeWithFuture(
                        nodes.cluster().thenApply(cluster -> Json.ok(json -> write(json, cluster))))));
    }

    private static void write(JsonGenerator json, ClusterNodes.Membership cluster) throws IOException {
        json.writeStartObject();
        json.writeArrayFieldStart("nodes");
        for (ClusterNodes.Node node : cluster.nodes()) {
            json.writeStartObject();
            json.writeStringField("address", node.address());
            json.writeStringField("status", node.status());
            Json.texts(json, "roles", node.roles());
            json.writeBooleanField("reachable", node.reachable());
            json.writeBooleanField("here", node.here());
            numbers(json, "partitions", node.partitions());
            json.writeEndObject();
        }
        json.writeEndArray();
        numbers(json, "homeless", cluster.homeless());
        json.writeEndObject();
    }

    private static void numbers(JsonGenerator json, String field, List<Integer> numbers) throws IOException {
        json.writeArrayFieldStart(field);
        for (int number : numbers) {
            json.writeNumber(number);
        }
        json.writeEndArray();
    }
}
