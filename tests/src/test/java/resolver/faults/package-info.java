/**
 * Things that go wrong on the way to a name server, made on purpose on loopback.
 *
 * <p>A {@link resolver.faults.FaultProxy} stands before any name server. It passes datagrams and
 * octets of TCP on, TLS among them, and does to them what its {@link resolver.faults.Faults} say,
 * which may change while traffic flows. What chance decides follows from a seed and from what is
 * asked, not from the time, so the same question has the same fate in every run. A {@link
 * resolver.faults.TlsServer} and an {@link resolver.faults.HttpsServer} are name servers that are
 * wrong themselves, in their certificates or in their HTTP/2.
 */
@NullMarked
package resolver.faults;

import org.jspecify.annotations.NullMarked;
