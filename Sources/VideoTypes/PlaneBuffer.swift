#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Darwin)
    internal import Darwin
#endif

/// Takes a ``PlaneBuffer`` back when its owner releases it.
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

    /// What ends the bytes' life where that is not freeing them.
    private let release: (@Sendable () -> Void)?

    /// Bytes whose values are undefined until they are written. The process ends if memory for them is refused; see
    /// ``init(reserving:for:)``.
    ///
    /// - Parameter byteCount: 0 or more.
    public init(byteCount: Int) {
        guard let storage = unsafe Self.allocate(byteCount) else {
            fatalError("out of memory: the system refused \(byteCount) bytes")
        }
        unsafe self.init(storage: storage, release: nil)
    }

    /// Bytes whose values are undefined until they are written, or an error if memory for them is refused.
    ///
    /// - Parameters:
    ///   - byteCount: 0 or more.
    ///   - purpose: What they are for, for the error's message.
    public init(reserving byteCount: Int, for purpose: String) throws(OutOfMemory) {
        guard let storage = unsafe Self.allocate(byteCount) else {
            throw OutOfMemory(byteCount: byteCount, for: purpose)
        }
        unsafe self.init(storage: storage, release: nil)
    }

    private static func allocate(_ byteCount: Int) -> UnsafeMutableRawBufferPointer? {
        var start: UnsafeMutableRawPointer?
        guard unsafe posix_memalign(&start, 64, max(1, byteCount)) == 0 else { return nil }
        return unsafe UnsafeMutableRawBufferPointer(start: start, count: byteCount)
    }

    /// A copy of `bytes`.
    public init(copying bytes: [UInt8]) {
        self.init(byteCount: bytes.count)
        unsafe storage.copyBytes(from: bytes)
    }

    /// A copy of `bytes`.
    public init(copying bytes: RawSpan) {
        self.init(byteCount: bytes.byteCount)
        // SAFETY: the storage has as many bytes, and is not shared yet.
        unsafe bytes.withUnsafeBytes { source in unsafe storage.copyMemory(from: unsafe source) }
    }

    /// Writes bytes from the start on, as many as there is room for.
    mutating func fill(with bytes: some Collection<UInt8>) {
        let isContiguous: Void? = bytes.withContiguousStorageIfAvailable { source in
            // SAFETY: both sides have so many bytes; the storage is not shared.
            let part = unsafe UnsafeBufferPointer(rebasing: source.prefix(byteCount))
            unsafe storage.copyMemory(from: UnsafeRawBufferPointer(part))
        }
        if isContiguous == nil { unsafe storage.copyBytes(from: bytes.prefix(byteCount)) }
    }

    /// Foreign bytes, such as those of a mapped file or of a decoder, which are only read.
    ///
    /// - Parameters:
    ///   - bytes: The bytes; they stay where they are until `release` is called.
    ///   - release: Called once, on whichever thread drops the buffer.
    @unsafe
    public init(readingFrom bytes: UnsafeRawBufferPointer, release: @escaping @Sendable () -> Void) {
        unsafe self.init(storage: UnsafeMutableRawBufferPointer(mutating: bytes), release: release)
    }

    private init(storage: UnsafeMutableRawBufferPointer, release: (@Sendable () -> Void)?) {
        unsafe self.storage = storage
        self.release = release
    }

    deinit {
        if let pool {
            pool.reclaim(unsafe PlaneBuffer(storage: storage, release: release))
        } else if let release {
            release()
        } else {
            unsafe free(storage.baseAddress)
        }
    }

    /// The number of bytes.
    public var byteCount: Int { unsafe storage.count }

    /// The bytes are foreign, and only read.
    package var isBorrowed: Bool { release != nil }

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
        precondition(release == nil, "foreign bytes are only read")
        var span = unsafe storage.mutableBytes
        return try body(&span)
    }
}
