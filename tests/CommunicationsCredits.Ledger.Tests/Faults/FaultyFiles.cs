using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using CommunicationsCredits.Ledger.Storage.Sqlite;

namespace CommunicationsCredits.Ledger.Tests.Faults;

/// <summary>
/// A layer below SQLite (a VFS): it hands everything on to the system's own, except that what is done to the files of a folder with a
/// <see cref="FaultPlan"/> is counted, and goes wrong where the plan says so. Files elsewhere are left alone.
/// </summary>
internal static unsafe partial class FaultyFiles
{
    private const string Library = "e_sqlite3";
    private const int Ok = 0;
    private const int CannotOpen = 14;
    private const int Full = 13;
    private const int WriteError = 10 | (3 << 8);
    private const int SyncError = 10 | (4 << 8);
    private const int TruncateError = 10 | (6 << 8);
    private const int DeleteError = 10 | (10 << 8);

    private static readonly ConcurrentDictionary<string, FaultPlan> Plans = new(StringComparer.Ordinal);
    private static readonly ConcurrentDictionary<nint, FaultPlan> Files = new();
    private static readonly ConcurrentDictionary<nint, nint> Wrapped = new();
    private static readonly Vfs* System = Register();

    /// <summary>From now on, what is done to files of a folder follows a plan.</summary>
    public static IDisposable Follow(string folder, FaultPlan plan)
    {
        GC.KeepAlive((nint)System);
        Plans[folder] = plan;
        return new Ending(folder);
    }

    private static Vfs* Register()
    {
        // The engine sets the library up once, before its first connection, which puts the system's layer in front again.
        RuntimeHelpers.RunClassConstructor(typeof(SqliteStoreConnection).TypeHandle);
        var system = Find(null);
        var own = (Vfs*)NativeMemory.AllocZeroed((nuint)sizeof(Vfs));
        *own = *system;
        own->Name = (byte*)Marshal.StringToCoTaskMemUTF8("faulty");
        own->Next = null;
        own->Open = (nint)(delegate* unmanaged[Cdecl]<Vfs*, byte*, nint*, int, int*, int>)&Open;
        own->Delete = (nint)(delegate* unmanaged[Cdecl]<Vfs*, byte*, int, int>)&Delete;
        var code = Register(own, 1);
        return code == Ok ? system : throw new InvalidOperationException($"SQLite answered {code}.");
    }

    private static FaultPlan? PlanOf(byte* name)
    {
        if (name is null || Plans.IsEmpty)
            return null;
        return Path.GetDirectoryName(Marshal.PtrToStringUTF8((nint)name)) is { } folder ? Plans.GetValueOrDefault(folder) : null;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Open(Vfs* vfs, byte* name, nint* file, int flags, int* outFlags)
    {
        var plan = PlanOf(name);
        if (plan?.Next(FileOperation.Open) is not (null or FileFault.None))
        {
            *file = 0;
            return CannotOpen;
        }

        var code = ((delegate* unmanaged[Cdecl]<Vfs*, byte*, nint*, int, int*, int>)System->Open)(vfs, name, file, flags, outFlags);
        if (code == Ok && plan is not null)
        {
            Files[(nint)file] = plan;
            *file = Wrapped.GetOrAdd(*file, Wrap);
        }

        return code;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Delete(Vfs* vfs, byte* name, int syncFolder) => PlanOf(name)?.Next(FileOperation.Delete) is null or FileFault.None
        ? ((delegate* unmanaged[Cdecl]<Vfs*, byte*, int, int>)System->Delete)(vfs, name, syncFolder)
        : DeleteError;

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Close(nint* file)
    {
        var original = Original(file);
        Files.TryRemove((nint)file, out _);
        *file = (nint)original;
        return ((delegate* unmanaged[Cdecl]<nint*, int>)original->Close)(file);
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Write(nint* file, byte* content, int length, long offset)
    {
        var write = (delegate* unmanaged[Cdecl]<nint*, byte*, int, long, int>)Original(file)->Write;
        switch (Files[(nint)file].Next(FileOperation.Write))
        {
            case FileFault.None:
                return write(file, content, length, offset);
            case FileFault.Partial:
                // What a system does that finds no room for the rest.
                _ = write(file, content, length / 2, offset);
                return Full;
            case FileFault.Full:
                return Full;
            case FileFault.Lost:
                return Ok;
            default:
                return WriteError;
        }
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Truncate(nint* file, long size) => Files[(nint)file].Next(FileOperation.Truncate) == FileFault.None
        ? ((delegate* unmanaged[Cdecl]<nint*, long, int>)Original(file)->Truncate)(file, size)
        : TruncateError;

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Sync(nint* file, int flags) => Files[(nint)file].Next(FileOperation.Sync) == FileFault.None
        ? ((delegate* unmanaged[Cdecl]<nint*, int, int>)Original(file)->Sync)(file, flags)
        : SyncError;

    /// <summary>The system's methods with ours in place of those that change something; where they come from stands behind them.</summary>
    private static nint Wrap(nint methods)
    {
        var own = (Methods*)NativeMemory.AllocZeroed((nuint)(sizeof(Methods) + sizeof(nint)));
        *own = *(Methods*)methods;
        own->Close = (nint)(delegate* unmanaged[Cdecl]<nint*, int>)&Close;
        own->Write = (nint)(delegate* unmanaged[Cdecl]<nint*, byte*, int, long, int>)&Write;
        own->Truncate = (nint)(delegate* unmanaged[Cdecl]<nint*, long, int>)&Truncate;
        own->Sync = (nint)(delegate* unmanaged[Cdecl]<nint*, int, int>)&Sync;
        *(nint*)(own + 1) = methods;
        return (nint)own;
    }

    private static Methods* Original(nint* file) => (Methods*)*(nint*)((Methods*)*file + 1);

    [LibraryImport(Library, EntryPoint = "sqlite3_vfs_find")]
    private static partial Vfs* Find(byte* name);

    [LibraryImport(Library, EntryPoint = "sqlite3_vfs_register")]
    private static partial int Register(Vfs* vfs, int asDefault);

    /// <summary>sqlite3_vfs, version 3.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct Vfs
    {
        public int Version;
        public int FileSize;
        public int LongestPath;
        public Vfs* Next;
        public byte* Name;
        public nint Data;
        public nint Open;
        public nint Delete;
        public nint Access;
        public nint FullPath;
        public nint LibraryOpen;
        public nint LibraryError;
        public nint LibrarySymbol;
        public nint LibraryClose;
        public nint Randomness;
        public nint Sleep;
        public nint CurrentTime;
        public nint LastError;
        public nint CurrentTime64;
        public nint SetSystemCall;
        public nint GetSystemCall;
        public nint NextSystemCall;
    }

    /// <summary>sqlite3_io_methods, version 3.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct Methods
    {
        public int Version;
        public nint Close;
        public nint Read;
        public nint Write;
        public nint Truncate;
        public nint Sync;
        public nint FileSize;
        public nint Lock;
        public nint Unlock;
        public nint CheckLock;
        public nint Control;
        public nint SectorSize;
        public nint Characteristics;
        public nint SharedMap;
        public nint SharedLock;
        public nint SharedBarrier;
        public nint SharedUnmap;
        public nint Fetch;
        public nint Unfetch;
    }

    private sealed class Ending(string folder) : IDisposable
    {
        public void Dispose() => Plans.TryRemove(folder, out _);
    }
}
