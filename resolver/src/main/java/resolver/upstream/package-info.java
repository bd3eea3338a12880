/**
 * The road to the servers that know: {@code Forwarder} chooses a server, sends the question with a
 * transport of this package, tries again, and cleans what comes back. dnsjava speaks DNS here and
 * nowhere else in the daemon.
 */
@NullMarked
package resolver.upstream;

import org.jspecify.annotations.NullMarked;
