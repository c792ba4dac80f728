package io.outrider.lake.azure;

import java.util.regex.Pattern;

/**
 * Where a blob's name leads on Azure: its first segment is the container, the rest the name within.
 *
 * <p>Names keep the rules of a lake in a folder, so that a lake can be copied either way: relative, slash-separated,
 * no segment empty or starting with a dot. Azure adds its own: a container's name has 3 to 63 lower-case letters,
 * digits and single hyphens, a blob's at most 1024 characters, and no segment ends with a dot.
 */
record BlobLocation(String container, String path) {

    private static final Pattern CONTAINER = Pattern.compile("(?=.{3,63}$)[a-z0-9]+(-[a-z0-9]+)*");
    private static final Pattern FORBIDDEN = Pattern.compile("[\\\\\\p{Cntrl}]");
    private static final int LONGEST_PATH = 1024;

    /** @throws IllegalArgumentException if the name is none that this store can hold */
    static BlobLocation of(String name) {
        int slash = name.indexOf('/');
        if (slash < 0 || !isContainer(name.substring(0, slash))) {
            throw new IllegalArgumentException("no blob name, its first segment must be a container's name "
                    + "(3 to 63 lower-case letters, digits and single hyphens): '" + name + "'");
        }
        String path = name.substring(slash + 1);
        for (String segment : path.split("/", -1)) {
            if (segment.isEmpty() || segment.startsWith(".") || segment.endsWith(".")) {
                throw new IllegalArgumentException(
                        "no blob name, a segment is empty or starts or ends with a dot: '" + name + "'");
            }
        }
        if (path.length() > LONGEST_PATH || FORBIDDEN.matcher(path).find()) {
            throw new IllegalArgumentException(
                    "no blob name, it is too long or holds a backslash or a control character: '" + name + "'");
        }
        return new BlobLocation(name.substring(0, slash), path);
    }

    static boolean isContainer(String name) {
        return CONTAINER.matcher(name).matches();
    }
}
