extension VideoColorSpace {
    /// Primaries and transfer that no player assumes where nothing is stated, in words; `nil` if they are usual ones.
    package var unusual: String? {
        let usualPrimaries: [ColorPrimaries] = [.unspecified, .bt709, .smpte170m, .bt470bg]
        guard !usualPrimaries.contains(primaries) || [.pq, .hlg].contains(transfer) else { return nil }
        return "primaries \(primaries) and transfer \(transfer)"
    }
}
