/**
 * Octets, and nothing above them: a view on the packet of a query, the image of a response with the
 * places of its TTLs, names and error codes as they stand on the wire.
 */
@NullMarked
package resolver.wire;

import org.jspecify.annotations.NullMarked;
