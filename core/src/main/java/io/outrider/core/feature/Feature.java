package io.outrider.core.feature;

/**
 * One entry of a feature vector.
 *
 * @param name stable identifier, snake_case, unique within the plan
 * @param words how people call it ("amount against the account's median")
 * @param unit unit of the value ("EUR", "robust deviations", "1"), for display
 * @param yesOrNo whether it is 1 or 0 and never anything between
 * @param memory how far it looks back
 */
public record Feature(String name, String words, String unit, boolean yesOrNo, Memory memory) {

    /**
     * How far a feature looks back. While the history behind accounts is shorter than that, its values change from day to day
     * though nothing in the world does.
     *
     * @param lengthMs milliseconds of history after which that is over; 0 where only the event itself counts
     * @param course how values go on once that is over
     */
    public record Memory(long lengthMs, Course course) {

        /** How a feature's values go on in a world without change. */
        public enum Course {
            /** One hour is like another, by and large. */
            LEVEL,
            /** One day is like another, and hours differ. */
            DAILY,
            /** One week is like another, and days differ. */
            WEEKLY,
            /** They grow, since they count from an account's or merchant's first event on. */
            GROWING
        }

        /** Only the event itself. */
        public static final Memory NONE = new Memory(0, Course.LEVEL);

        /**
         * Whether a day's values can be compared with those of another time, both with at least so much history behind them.
         *
         * @param historyMs negative if the day is not whole
         */
        public boolean isFilledBy(long historyMs) {
            return course != Course.GROWING && (lengthMs <= historyMs || (lengthMs == 0 && course == Course.LEVEL));
        }
    }
}
