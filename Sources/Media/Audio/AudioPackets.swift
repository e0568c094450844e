package import Jobs
package import LibAV

/// Where packets of audio come from.
///
/// Thread-safety: used by one thread at a time.
package protocol AudioPackets: AnyObject {
    /// The streams, by whose numbers packets are asked for.
    var streams: [AudioStream] { get }

    /// Packets may arrive later where there are none now.
    var mayGrow: Bool { get }

    /// The next packet of any of some streams, in the container's order; `nil` if none has arrived.
    func next(of streams: Set<Int>) throws(JobError) -> AudioPacket?
}
