/**
 * The client half. A listener hands octets, a size limit, a transport and a client to the {@code
 * QueryService}, which lets the {@code ClientGate} judge the client, decodes the query, asks the
 * shared half and renders the answer for this client.
 */
@NullMarked
package resolver.server;

import org.jspecify.annotations.NullMarked;
