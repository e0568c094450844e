package import Jobs
package import LibAV

/// Where packets of audio come from.
///
/// Thread-safety: used by one thread at a time.
package protocol AudioPackets: AnyObject {
    /// The next packet in the container's order; `nil` if none has arrived.
    func next() throws(JobError) -> AudioPacket?
}
