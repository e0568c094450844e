/// The number of the first of equally long pieces in which two lots of bytes differ; `nil` if none does.
///
/// For pictures, of which Testing itself takes hours to find out how they differ where `==` does not hold.
public func firstDifference(
    _ first: some Collection<UInt8>,
    _ second: some Collection<UInt8>,
    piece: Int
) -> Int? {
    let place = zip(first, second).enumerated().first { $0.element.0 != $0.element.1 }?.offset
    let shorter = min(first.count, second.count)
    return (place ?? (first.count == second.count ? nil : shorter)).map { $0 / max(1, piece) }
}
