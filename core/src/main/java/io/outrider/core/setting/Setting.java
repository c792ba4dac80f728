package io.outrider.core.setting;

/** How a setting is refused: the message begins with its path, by which commands tell a bad setting from a bug. */
public final class Setting {

    private Setting() {}

    /**
     * Refuses the setting unless its rule holds.
     *
     * @param path in full, such as {@code outrider.etl.rows-per-file}
     * @param rule and the value that breaks it, unless that may be secret, such as {@code must be at least 1: 0}
     * @throws IllegalArgumentException with path and rule
     */
    public static void require(boolean holds, String path, String rule) {
        if (!holds) {
            throw new IllegalArgumentException(path + ": " + rule);
        }
    }
}
