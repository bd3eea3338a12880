/** The packaged command and its daemon, tried from outside: real processes, sockets and clients. */
@NullMarked
package resolver.tests;

import org.jspecify.annotations.NullMarked;
