/** The kinds of sockets and event loops that this machine has. */
@NullMarked
package resolver.net;

import org.jspecify.annotations.NullMarked;
