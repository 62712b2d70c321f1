/**
 * The block cache: what was read stays in memory, and sequential reads are met by data that is there already.
 *
 * <p>{@link io.lunbridge.block.cache.CachingBlockDevice} is one more decorator, between {@code Slice} and {@code
 * Splitting}. The pages are in a {@link io.lunbridge.block.cache.BlockCache}, which several devices of one unit may
 * share, each on its own event loop. Reads are answered from it; whatever changes the medium goes down first and is
 * answered when the medium has it: there never is a dirty page.
 *
 * <p>One rule keeps old bytes out: a page is put in only if nothing near it was being changed when its read began, and
 * nothing has begun to be changed since. {@code ChangeGuard} counts the changes, {@code Watch} remembers a count, and
 * the page is put in within the map's own atomic step, so that a change either is seen there or removes the page
 * afterwards.
 *
 * <p>Who calls whom: the decorator above calls the device; the device asks the cache, then its {@code ReadAhead}, then
 * the lower device. Nothing here knows NBD or SCSI.
 */
@NullMarked
package io.lunbridge.block.cache;

import org.jspecify.annotations.NullMarked;
