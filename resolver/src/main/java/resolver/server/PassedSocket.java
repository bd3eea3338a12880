package resolver.server;

import java.net.InetSocketAddress;
import resolver.query.Transport;

/**
 * A socket that this process was started with.
 *
 * @param descriptor its number in this process
 * @param transport what it carries: UDP or TCP
 * @param address its own address
 */
public record PassedSocket(int descriptor, Transport transport, InetSocketAddress address) {}
