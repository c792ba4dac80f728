package io.outrider.detection.entity;

import io.outrider.detection.protocol.PassiveAccounts;
import io.outrider.lake.checkpoint.AccountStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** Opens accounts out of memory on a disk that can fail, and knows which are still open. */
final class FaultyScratch implements Surroundings.Scratch {

    static final String FULL = "no space left";
    static final String DAMAGED = "not what was written";

    private final Surroundings.Scratch real;
    private final Set<PassiveAccounts> open = ConcurrentHashMap.newKeySet();
    private final AtomicInteger opened = new AtomicInteger();

    /** Whether nothing can be written or read. */
    volatile boolean isFull;

    /** Whether a cut cannot be read. */
    volatile boolean isDamaged;

    /** Which of those opened, counted from one, fails, once; zero for none. */
    volatile int failing;

    FaultyScratch(Surroundings.Scratch real) {
        this.real = real;
    }

    int opened() {
        return opened.get();
    }

    int stillOpen() {
        return open.size();
    }

    @Override
    public PassiveAccounts open() throws IOException {
        if (opened.get() + 1 == failing) {
            failing = 0;
            throw new IOException(FULL);
        }
        PassiveAccounts accounts = real.open();
        opened.incrementAndGet();
        open.add(accounts);
        return (PassiveAccounts) Proxy.newProxyInstance(
                PassiveAccounts.class.getClassLoader(),
                new Class<?>[] {PassiveAccounts.class},
                (proxy, method, arguments) -> {
                    String name = method.getName();
                    if (name.equals("close")) {
                        open.remove(accounts);
                    } else if (isFull
                            && Set.of("put", "take", "read", "cut", "names").contains(name)) {
                        throw new UncheckedIOException(FULL, new IOException(FULL));
                    } else if (isDamaged && name.equals("cut")) {
                        return (AccountStream) sink -> {
                            throw new UncheckedIOException(DAMAGED, new IOException(DAMAGED));
                        };
                    }
                    try {
                        return method.invoke(accounts, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }
}
