/** A key and a certificate that it signed itself, for localhost and 127.0.0.1, good for a hundred years: for tests of TLS and nothing else. */

export const KEY = `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgoPhMw/Qb1iXMwhIy
lvxrehLf6tCDaODRGANFCmTLZP+hRANCAAQuy9yC7ZtYwvmAtaXgDSFbuVzVN5er
tUKywKLfCy7UeKphlRSA6kbMCLyMgDm7kOwCnBDy0x4gfsioUJfKsqHW
-----END PRIVATE KEY-----`;

export const CERTIFICATE = `-----BEGIN CERTIFICATE-----
MIIBnDCCAUGgAwIBAgIUKRVx0eZtPleRuveVUrykQsmbrKQwCgYIKoZIzj0EAwIw
FDESMBAGA1UEAwwJbG9jYWxob3N0MCAXDTI2MTEyMTIyMTkyOVoYDzIxMjYxMDI4
MjIxOTI5WjAUMRIwEAYDVQQDDAlsb2NhbGhvc3QwWTATBgcqhkjOPQIBBggqhkjO
PQMBBwNCAAQuy9yC7ZtYwvmAtaXgDSFbuVzVN5ertUKywKLfCy7UeKphlRSA6kbM
CLyMgDm7kOwCnBDy0x4gfsioUJfKsqHWo28wbTAdBgNVHQ4EFgQU6HtOQnGy4dtL
mSh1d3CYI+AcyJcwHwYDVR0jBBgwFoAU6HtOQnGy4dtLmSh1d3CYI+AcyJcwDwYD
VR0TAQH/BAUwAwEB/zAaBgNVHREEEzARgglsb2NhbGhvc3SHBH8AAAEwCgYIKoZI
zj0EAwIDSQAwRgIhANJhvUs4ndkueNjINJGX55SlvM9eaO9QC2JXZqfiAf4YAiEA
ireoooENTjwu/eb1laxuBrv7gsa+GDLgbn9ZRw9qHoc=
-----END CERTIFICATE-----`;
