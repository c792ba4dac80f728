"""Checks a CycloneDX bill of materials against the libraries it stands for; see .ci/sbom."""
import collections
import hashlib
import json
import pathlib
import re
import sys

# As SBOM authors write them: SPDX ids, or names where a POM has no id.
ALLOWED = re.compile(
    r"apache|^mit|bsd|epl|eclipse|cddl|lgpl-2\.1|unicode|public.domain|cc0|go license|isc|universal permissive|0bsd", re.I)
FORBIDDEN = re.compile(r"(^|[^l])a?gpl(?!.*classpath)|sspl|busl|commons.clause|proprietary", re.I)

# A weakness was fixed in this version; an older one must not come back through another dependency.
LEAST = {
    "com.fasterxml.jackson.core:jackson-core": "2.15.0",  # CVE-2025-52999
    "com.fasterxml.jackson.core:jackson-databind": "2.13.4.2",  # CVE-2022-42003
    "ch.qos.logback:logback-core": "1.5.19",  # CVE-2025-11226
    "org.apache.avro:avro": "1.11.4",  # CVE-2024-47561
    "org.apache.parquet:parquet-avro": "1.15.2",  # CVE-2025-46762
    "org.apache.kafka:kafka-clients": "3.9.1",  # CVE-2025-27817
    "com.nimbusds:nimbus-jose-jwt": "10.0.2",  # CVE-2025-53864
    "org.apache.commons:commons-lang3": "3.18.0",  # CVE-2025-48924
    "org.xerial.snappy:snappy-java": "1.1.10.4",  # CVE-2023-43642
    "org.apache.commons:commons-compress": "1.26.0",  # CVE-2024-25710
    "commons-io:commons-io": "2.14.0",  # CVE-2024-47554
    "com.google.protobuf:protobuf-java": "3.25.5",  # CVE-2024-7254
    "org.yaml:snakeyaml": "2.0",  # CVE-2022-1471
    "com.google.guava:guava": "32.0.1",  # CVE-2023-2976
}
NEVER = {"org.lz4:lz4-java", "log4j:log4j", "org.apache.logging.log4j:log4j-core", "com.github.haifengl:smile-core"}


def numbers(version):
    return [int(part) for part in re.findall(r"\d+", version)]


def licences(component):
    for entry in component.get("licenses", []):
        licence = entry.get("license", {})
        yield entry.get("expression") or licence.get("id") or licence.get("name") or "unnamed"


def problems(components, libraries):
    versions = collections.defaultdict(set)
    for component in components:
        name = f"{component.get('group', '')}:{component['name']}"
        version = component.get("version", "")
        versions[name].add(version)
        if not re.fullmatch(r"[0-9][\w.+-]*", version) or re.search(r"SNAPSHOT|LATEST|RELEASE$", version):
            yield f"{name}: the version is not fixed: {version!r}"
        if not component.get("purl") or not component.get("hashes"):
            yield f"{name} {version}: no package URL or no hash"
        known = list(licences(component))
        if not any(ALLOWED.search(licence) and not FORBIDDEN.search(licence) for licence in known):
            yield f"{name} {version}: no licence that may be distributed: {known}"
        if name in NEVER:
            yield f"{name} must not be distributed"
        if name in LEAST and numbers(version) < numbers(LEAST[name]):
            yield f"{name} {version} is older than {LEAST[name]}, which fixed a weakness"
    for name, several in versions.items():
        if len(several) > 1:
            yield f"{name} is there in several versions: {', '.join(sorted(several))}"
    listed = {hash["content"] for component in components for hash in component.get("hashes", []) if hash["alg"] == "SHA-256"}
    for library in libraries:
        if hashlib.sha256(library.read_bytes()).hexdigest() not in listed:
            yield f"{library.name} is distributed and no component has its hash"


def main(bill, folder):
    document = json.loads(pathlib.Path(bill).read_text(encoding="utf-8"))
    components = [c for c in document["components"] if c.get("group") != "io.outrider"]
    libraries = sorted(pathlib.Path(folder).glob("*.jar"))
    if not components or not libraries:
        sys.exit(f"nothing to check: {len(components)} components, {len(libraries)} libraries")
    found = sorted(problems(components, libraries))
    counts = collections.Counter(licence for c in components for licence in licences(c))
    for licence, count in counts.most_common():
        print(f"{count:4} {licence}")
    print(f"{len(components)} components, {len(libraries)} libraries, {len(found)} problems")
    if found:
        sys.exit("\n".join(found))


main(*sys.argv[1:])
