package io.outrider.system;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** What Terraform lets each part do on Azure, as the plan test of environment {@code dev} lists it, role by role. */
final class AzureGrants {

    private static final Pattern GRANT =
            Pattern.compile("\"(api|batch|detection|rekey) (receives|sends|reads|writes) ([a-z-]+)\"");
    private static final Pattern CONTAINER = Pattern.compile("(\\w+) += \"([a-z-]+)\"");

    private final Set<String> grants = new TreeSet<>();
    private final Map<String, String> containers = new TreeMap<>();

    private AzureGrants(String test, String lake) {
        Matcher grant = GRANT.matcher(between(test, "toset(keys(output.roles)) == toset([", "])"));
        while (grant.find()) {
            grants.add(grant.group(1) + " " + grant.group(2) + " " + grant.group(3));
        }
        Matcher container = CONTAINER.matcher(between(lake, "containers = {", "}"));
        while (container.find()) {
            containers.put(container.group(1), container.group(2));
        }
    }

    static AzureGrants read() throws IOException {
        Path terraform = Processes.HOME.resolve("terraform");
        return new AzureGrants(
                Files.readString(terraform.resolve("env/dev/tests/dev.tftest.hcl")),
                Files.readString(terraform.resolve("modules/lake/main.tf")));
    }

    private static String between(String text, String begin, String end) {
        int from = text.indexOf(begin) + begin.length();
        return text.substring(from, text.indexOf(end, from));
    }

    /** Hubs that a part receives from or sends to. */
    Set<String> hubs(String part, String verb) {
        return of(part, verb);
    }

    /** Containers that a part reads or writes; who writes may read. */
    Set<String> containers(String part, String verb) {
        return of(part, verb).stream().map(containers::get).collect(Collectors.toCollection(TreeSet::new));
    }

    /** All containers that Terraform makes. */
    Set<String> containers() {
        return Set.copyOf(containers.values());
    }

    private Set<String> of(String part, String verb) {
        String prefix = part + " " + verb + " ";
        return grants.stream()
                .filter(grant -> grant.startsWith(prefix))
                .map(grant -> grant.substring(prefix.length()))
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
