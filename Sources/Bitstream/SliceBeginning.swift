/// Reads a slice's header from the first bytes of the slice, and from more bytes if these do not contain the whole header.
///
/// Most headers have about ten bytes. The longest, with a weight for every reference, has less than 2 KiB.
func readingBeginning<Header>(
    of nalUnit: ArraySlice<UInt8>,
    _ read: (_ limit: Int) throws(BitstreamError) -> Header
) throws(BitstreamError) -> Header {
    do throws(BitstreamError) {
        return try read(128)
    } catch {
        guard error.reason == .truncated, nalUnit.count > 128 else { throw error }
        return try read(4096)
    }
}
