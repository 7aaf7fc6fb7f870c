/* SPDX-License-Identifier: GPL-3.0-or-later
 * result_hdf5.c - see result_hdf5.h. */
#include "sim/record/result_hdf5.h"

const struct result_attribute result_hdf5_attributes[] = {
    {"experiment", ELEMENT_TEXT, offsetof(struct result_layout, experiment)},
    {"version", ELEMENT_TEXT, offsetof(struct result_layout, version)},
    {"revision", ELEMENT_TEXT, offsetof(struct result_layout, revision)},
    {"seed", ELEMENT_U64, offsetof(struct result_layout, seed)},
    {"base_point", ELEMENT_U32, offsetof(struct result_layout, base_point)},
    {"series_bin_ns", ELEMENT_I64, offsetof(struct result_layout, series_bin_ns)},
};

const unsigned result_hdf5_attribute_count =
    sizeof result_hdf5_attributes / sizeof *result_hdf5_attributes;

void result_hdf5_quiet(void) {
    H5open();
    H5Eset_auto2(H5E_DEFAULT, NULL, NULL);
}

void result_hdf5_close(hid_t handle) {
    if (handle >= 0) {
        H5Idec_ref(handle);
    }
}

hid_t result_hdf5_access(void) {
    enum { GROWTH = 1 << 20 };
    hid_t access = H5Pcreate(H5P_FILE_ACCESS);
    if (H5Pset_fapl_core(access, GROWTH, false) < 0 ||
        H5Pset_libver_bounds(access, H5F_LIBVER_EARLIEST, H5F_LIBVER_V18) < 0 ||
        H5Pset_fclose_degree(access, H5F_CLOSE_STRONG) < 0) {
        result_hdf5_close(access);
        return H5I_INVALID_HID;
    }
    return access;
}

static hid_t text_type(void) {
    hid_t type = H5Tcopy(H5T_C_S1);
    if (H5Tset_size(type, H5T_VARIABLE) < 0 || H5Tset_cset(type, H5T_CSET_UTF8) < 0) {
        result_hdf5_close(type);
        return H5I_INVALID_HID;
    }
    return type;
}

hid_t result_hdf5_file_type(enum result_element element) {
    switch (element) {
    case ELEMENT_U32:
        return H5Tcopy(H5T_STD_U32LE);
    case ELEMENT_U64:
        return H5Tcopy(H5T_STD_U64LE);
    case ELEMENT_I64:
        return H5Tcopy(H5T_STD_I64LE);
    case ELEMENT_REAL:
        return H5Tcopy(H5T_IEEE_F64LE);
    case ELEMENT_TEXT:
        break;
    }
    return text_type();
}

hid_t result_hdf5_memory_type(enum result_element element) {
    switch (element) {
    case ELEMENT_U32:
        return H5Tcopy(H5T_NATIVE_UINT32);
    case ELEMENT_U64:
        return H5Tcopy(H5T_NATIVE_UINT64);
    case ELEMENT_I64:
        return H5Tcopy(H5T_NATIVE_INT64);
    case ELEMENT_REAL:
        return H5Tcopy(H5T_NATIVE_DOUBLE);
    case ELEMENT_TEXT:
        break;
    }
    return text_type();
}
