/// Where a ``PlaneBuffer`` goes when its owner is done with it.
public protocol PlaneBufferPool: AnyObject, Sendable {
    /// Takes a buffer back. Called on whichever thread drops the buffer.
    func reclaim(_ buffer: consuming PlaneBuffer)
}

/// 64-byte-aligned bytes with one owner, freed with it or given back to the pool that lent them.
///
/// Thread-safety: may be moved between threads; used by one at a time, which ownership ensures.
@safe
public struct PlaneBuffer: ~Copyable, Sendable {
    // Sendable in truth: one owner at a time is what ~Copyable means.
    private nonisolated(unsafe) let storage: UnsafeMutableRawBufferPointer

    /// Who gets the bytes back when they are dropped; `nil`, the default, means that they are freed.
    public var pool: (any PlaneBufferPool)?

    /// Bytes whose values are undefined until they are written.
    ///
    /// - Parameter byteCount: 0 or more.
    public init(byteCount: Int) {
        unsafe self.init(storage: .allocate(byteCount: byteCount, alignment: 64))
    }

    /// A copy of `bytes`.
    public init(copying bytes: [UInt8]) {
        self.init(byteCount: bytes.count)
        unsafe storage.copyBytes(from: bytes)
    }

    private init(storage: UnsafeMutableRawBufferPointer) {
        unsafe self.storage = storage
    }

    deinit {
        if let pool {
            pool.reclaim(unsafe PlaneBuffer(storage: storage))
        } else {
            unsafe storage.deallocate()
        }
    }

    /// The number of bytes.
    public var byteCount: Int { unsafe storage.count }

    /// Lends the bytes for reading; they do not outlive the closure.
    public borrowing func withBytes<Result, Failure: Error>(
        _ body: (RawSpan) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try body(unsafe UnsafeRawBufferPointer(storage).bytes)
    }

    /// Lends the bytes for writing; they do not outlive the closure.
    public mutating func withMutableBytes<Result, Failure: Error>(
        _ body: (inout MutableRawSpan) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        var span = unsafe storage.mutableBytes
        return try body(&span)
    }
}
