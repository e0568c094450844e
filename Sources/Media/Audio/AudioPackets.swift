package import Jobs
package import LibAV

/// Where packets of audio come from.
///
/// Thread-safety: used by one thread at a time.
package protocol AudioPackets: AnyObject {
    /// The next packet in the container's order; `nil` where none is at hand.
    func next() throws(JobError) -> AudioPacket?
}
