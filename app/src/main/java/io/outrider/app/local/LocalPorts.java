package io.outrider.app.local;

import io.outrider.app.command.CommandException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;

/** Loopback ports, tried before anything is started so that a busy one costs no wait. */
public final class LocalPorts {

    private LocalPorts() {}

    /**
     * The port itself if it is free, or any free one for 0.
     *
     * @param option how the port is chosen on the command line, for the message
     * @throws CommandException if something listens there already
     */
    public static int free(int port, String option) {
        try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new CommandException(
                    "port " + port + " on 127.0.0.1 is taken; stop what listens there, or choose another with "
                            + option,
                    e);
        }
    }
}
