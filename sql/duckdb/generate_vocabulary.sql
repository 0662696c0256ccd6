-- The words that generated rows are made of, in the variable `generate_vocabulary`: a struct of lists, folded into
-- the statement as constants. `city`, `province` and `postal` belong together by position; any other word goes with any
-- other. Phrases hold commas and quotes on purpose: a reader's trouble with them is part of what such a file is for.
-- Quotes stand doubled, as a quoted cell holds them.
set variable generate_vocabulary = {
  male: [
    'Budi', 'Agus', 'Ahmad', 'Muhammad', 'Andi', 'Dedi', 'Eko', 'Hendra', 'Joko', 'Rizky', 'Fajar', 'Bayu', 'Dimas',
    'Yusuf', 'Iwan', 'Slamet', 'Wahyu', 'Arif', 'Asep', 'Bambang', 'Rudi', 'Teguh', 'Irfan', 'Galih', 'Ilham', 'Made',
    'Ketut', 'Nyoman', 'Reza', 'Surya', 'Taufik', 'Yoga', 'Zainal', 'Gilang', 'Hadi', 'Doni', 'Feri', 'Anton', 'Johan',
    'Markus', 'Samuel'
  ],
  female: [
    'Siti', 'Dewi', 'Sri', 'Ayu', 'Putri', 'Rina', 'Ratna', 'Wati', 'Nur', 'Fitri', 'Indah', 'Lestari', 'Maya', 'Yuni',
    'Dian', 'Eka', 'Endang', 'Nurul', 'Rini', 'Tuti', 'Wulan', 'Kartika', 'Mega', 'Anisa', 'Citra', 'Desi', 'Erna',
    'Febri', 'Gita', 'Hani', 'Intan', 'Kadek', 'Lia', 'Novi', 'Puspita', 'Retno', 'Sari', 'Tika', 'Vina', 'Yanti',
    'Maria', 'Agnes', 'Debora'
  ],
  middle: [
    'Adi', 'Bagus', 'Cahya', 'Dwi', 'Tri', 'Catur', 'Indra', 'Kusuma', 'Nur', 'Puji', 'Rahma', 'Satria', 'Tirta',
    'Utami', 'Wira', 'Yudha', 'Aulia', 'Bintang', 'Dharma', 'Eka', 'Jaya', 'Laksmi', 'Mulya', 'Prima', 'Rizki', 'Setia',
    'Surya', 'Widya', 'Bakti'
  ],
  family: [
    'Santoso', 'Wijaya', 'Saputra', 'Hidayat', 'Setiawan', 'Nugroho', 'Pratama', 'Kurniawan', 'Siregar', 'Nasution',
    'Harahap', 'Simanjuntak', 'Sitompul', 'Hutagalung', 'Tanjung', 'Lubis', 'Ginting', 'Sembiring', 'Tarigan',
    'Purnomo', 'Susanto', 'Hartono', 'Gunawan', 'Halim', 'Suryadi', 'Permana', 'Firmansyah', 'Ramadhan', 'Maulana',
    'Hakim', 'Rahman', 'Fauzi', 'Syahputra', 'Wibowo', 'Utomo', 'Prasetyo', 'Anggraini', 'Handayani', 'Rahayu',
    'Maharani', 'Wulandari', 'Safitri', 'Oktaviani', 'Puspitasari', 'Wahyuni', 'Suryani', 'Mandagi', 'Rumondor',
    'Latuconsina', 'Pattimura', 'Manalu', 'Situmorang', 'Panjaitan'
  ],
  degree: ['S.Pd', 'S.E.', 'S.T.', 'S.Kom', 'A.Md', 'S.H.', 'M.Si', 'S.Sos', 'S.Kep', 'M.M.', 'S.Ag'],
  street: [
    'Merdeka', 'Jend. Sudirman', 'M.H. Thamrin', 'Gatot Subroto', 'Diponegoro', 'Ahmad Yani', 'Pahlawan', 'Kartini',
    'Gajah Mada', 'Hayam Wuruk', 'Imam Bonjol', 'Teuku Umar', 'Pemuda', 'Veteran', 'Melati', 'Mawar', 'Kenanga',
    'Anggrek', 'Cendrawasih', 'Rajawali', 'Garuda', 'Mangga Besar', 'Kebon Jeruk', 'Raya Bogor', 'Pasar Minggu',
    'Cempaka Putih', 'Dr. Soetomo', 'Sisingamangaraja', 'Sultan Agung', 'Panglima Polim', 'Kyai Maja', 'Letjen Suprapto',
    'S. Parman', 'Haji Samanhudi', 'Pattimura', 'Urip Sumoharjo', 'Perintis Kemerdekaan', 'Bukit Barisan', 'Flamboyan',
    'Cemara', 'Beringin'
  ],
  quarter: ['001', '002', '003', '004', '005', '006', '007', '008', '009', '010', '011', '012', '013', '014'],
  village: [
    'Sukamaju', 'Sukajadi', 'Mekarsari', 'Karanganyar', 'Tanjungsari', 'Sidomulyo', 'Sumberejo', 'Purwosari',
    'Kebonsari', 'Cibadak', 'Cipete', 'Ciganjur', 'Pondok Labu', 'Jatimulya', 'Jatirahayu', 'Bojongsari', 'Margahayu',
    'Wonokromo', 'Ngagel', 'Ketintang', 'Tegalsari', 'Kauman', 'Pekauman', 'Panjang Wetan', 'Rejosari', 'Bandarharjo',
    'Gedong Johor', 'Sei Agul', 'Helvetia', 'Maricaya', 'Panaikang', 'Karang Tengah', 'Kedungmundu', 'Gayamsari',
    'Sumur Batu', 'Utan Kayu', 'Rawamangun'
  ],
  district: [
    'Cilandak', 'Tebet', 'Menteng', 'Kebayoran Baru', 'Cengkareng', 'Kalideres', 'Coblong', 'Lengkong', 'Cicendo',
    'Rungkut', 'Gubeng', 'Wonocolo', 'Banyumanik', 'Tembalang', 'Pedurungan', 'Umbulharjo', 'Depok', 'Ngaglik',
    'Medan Johor', 'Medan Baru', 'Rappocini', 'Panakkukang', 'Ilir Timur', 'Sukarami', 'Lowokwaru', 'Klojen', 'Beji',
    'Cimanggis', 'Serpong', 'Ciputat', 'Karawaci'
  ],
  city: [
    'Jakarta Selatan', 'Jakarta Barat', 'Jakarta Timur', 'Kota Bandung', 'Kota Bekasi', 'Kota Depok', 'Kab. Bogor',
    'Kab. Cianjur', 'Kota Tangerang Selatan', 'Kab. Tangerang', 'Kota Semarang', 'Kota Surakarta', 'Kab. Banyumas',
    'Kab. Sleman', 'Kota Surabaya', 'Kab. Sidoarjo', 'Kota Malang', 'Kab. Jember', 'Kota Denpasar', 'Kab. Badung',
    'Kota Medan', 'Kab. Deli Serdang', 'Kota Padang', 'Kota Pekanbaru', 'Kota Batam', 'Kota Palembang',
    'Kota Bandar Lampung', 'Kota Pontianak', 'Kota Banjarmasin', 'Kota Samarinda', 'Kota Makassar', 'Kota Manado',
    'Kota Mataram', 'Kota Kupang', 'Kota Ambon', 'Kota Jayapura'
  ],
  province: [
    'DKI Jakarta', 'DKI Jakarta', 'DKI Jakarta', 'Jawa Barat', 'Jawa Barat', 'Jawa Barat', 'Jawa Barat',
    'Jawa Barat', 'Banten', 'Banten', 'Jawa Tengah', 'Jawa Tengah', 'Jawa Tengah',
    'DI Yogyakarta', 'Jawa Timur', 'Jawa Timur', 'Jawa Timur', 'Jawa Timur', 'Bali', 'Bali',
    'Sumatera Utara', 'Sumatera Utara', 'Sumatera Barat', 'Riau', 'Kepulauan Riau', 'Sumatera Selatan',
    'Lampung', 'Kalimantan Barat', 'Kalimantan Selatan', 'Kalimantan Timur', 'Sulawesi Selatan', 'Sulawesi Utara',
    'Nusa Tenggara Barat', 'Nusa Tenggara Timur', 'Maluku', 'Papua'
  ],
  postal: [
    12000, 11000, 13000, 40000, 17000, 16400, 16900,
    43200, 15300, 15500, 50000, 57000, 53100,
    55200, 60000, 61200, 65000, 68100, 80000, 80300,
    20000, 20300, 25000, 28000, 29400, 30000,
    35000, 78000, 70000, 75000, 90000, 95000,
    83000, 85000, 97000, 99000
  ],
  mailbox: [
    '@gmail.com', '@gmail.com', '@gmail.com', '@gmail.com', '@gmail.com', '@gmail.com', '@gmail.com', '@yahoo.com',
    '@yahoo.co.id', '@outlook.com', '@icloud.com', '@hotmail.com', '@ymail.com'
  ],
  device: [
    'Samsung Galaxy A15', 'Samsung Galaxy A05s', 'Samsung Galaxy A54 5G', 'Samsung Galaxy S23', 'Samsung Galaxy M14',
    'Xiaomi Redmi 12', 'Xiaomi Redmi Note 13', 'Xiaomi Redmi A2', 'POCO M6 Pro', 'OPPO A18', 'OPPO A58', 'OPPO Reno11 F',
    'OPPO A3x', 'vivo Y17s', 'vivo Y27', 'vivo V29e', 'vivo Y03', 'realme C53', 'realme C67', 'realme Note 50',
    'Infinix Hot 40i', 'Infinix Smart 8', 'Infinix Note 30', 'TECNO Spark Go', 'itel A60s', 'Apple iPhone 11',
    'Apple iPhone 13', 'Apple iPhone 15 Pro Max', 'Nokia 105', 'ASUS Zenfone 10', 'Advan G9 Pro'
  ],
  plan: [
    'Prabayar Harian', 'Prabayar Mingguan', 'Prabayar Bulanan', 'Prabayar Tanpa Kuota', 'Pascabayar 75 GB',
    'Pascabayar 120 GB', 'Pascabayar Keluarga', 'Paket Combo 12 GB', 'Paket Combo 30 GB', 'Paket Malam 15 GB',
    'Paket Pelajar', 'Paket Gim', 'Paket Video'
  ],
  segment: ['youth', 'mass', 'family', 'premium', 'business', 'rural', 'senior'],
  channel: ['outlet', 'aplikasi', 'web', 'minimarket', 'mitra', 'call center', 'pameran', 'sales keliling', 'WhatsApp'],
  interest: [
    'kuliner', 'wisata', 'otomotif', 'fesyen', 'kecantikan', 'gim', 'sepak bola', 'bulu tangkis', 'musik', 'film',
    'pendidikan', 'kesehatan', 'properti', 'investasi', 'pertanian', 'belanja daring', 'parenting', 'religi', 'fotografi'
  ],
  occupation: [
    'karyawan swasta', 'wiraswasta', 'PNS', 'guru', 'mahasiswa', 'ibu rumah tangga', 'petani', 'nelayan', 'pedagang',
    'buruh', 'sopir', 'perawat', 'TNI/Polri', 'pensiunan', 'pelajar', 'dokter', 'ojek daring'
  ],
  opening: [
    'Sudah dihubungi', 'Belum dihubungi', 'Minta dihubungi lagi', 'Telepon tidak diangkat', 'Nomor sibuk',
    'Tertarik paket keluarga', 'Minta brosur lewat WhatsApp', 'Pindah alamat sejak tahun lalu', 'Data dari pameran',
    'Pelanggan lama', 'Referensi dari teman', 'Hanya mau dihubungi sore', 'Salah sambung', 'Titip pesan ke keluarga',
    'Minta penawaran tertulis', 'Sedang bandingkan harga', 'Punya dua nomor', 'Ingin ganti kartu', 'Mau kredit motor',
    'Tanya promo bulan ini', 'Sudah isi formulir', 'Pernah komplain tagihan', 'Minta jadwal kunjungan'
  ],
  detail: [
    'usaha toko kelontong di depan pasar', 'kerja di pabrik sepatu, pulang malam', 'punya warung makan, tiga cabang',
    'anak dua, sekolah di SD negeri', 'jualan daring, kirim ke luar kota', 'guru honorer, butuh cicilan ringan',
    'sopir travel, sering di luar kota', 'baru menikah, cari rumah subsidi', 'karyawan bank, gaji tanggal 25',
    'pensiunan, lebih suka telepon rumah', 'mahasiswa semester akhir, tinggal di kos', 'petani kopi, panen bulan Juli',
    'ibu rumah tangga, suami di Kalimantan', 'bengkel motor, buka sampai jam 9 malam', 'pakai dua kartu, satu untuk data',
    'kontrak habis bulan depan', 'alamat kantor, bukan alamat rumah', 'minta jangan dihubungi hari Jumat',
    'lebih suka pesan singkat', 'bahasa Jawa lebih lancar', 'langganan sejak 2019, belum pernah telat',
    'ada tunggakan Rp 150.000, sudah dicicil', 'pernah ikut undian, hadiah belum diambil', 'sinyal di rumah lemah',
    'toko tutup hari Minggu', 'nomor kedua milik istri', 'minta faktur atas nama CV'
  ],
  remark: [
    'katanya ""nanti saja, masih pikir-pikir""', 'bilang ""harga masih bisa kurang?""', 'jawab ""boleh, kirim dulu infonya""',
    'pesan ""jangan telepon jam kerja""', 'katanya ""sudah pakai yang lain""', 'tanya ""ada bonus kuota?""',
    'bilang ""hubungi suami saya""', 'minta paket ""yang paling murah""', 'ingat promo ""Merdeka 17"", belum dapat',
    'sebut nama sales ""Pak Dodi""', 'tulis di formulir ""tidak bersedia""', 'katanya ""sinyal 4G hilang terus""',
    'catatan lama: ""VIP""'
  ],
  closing: [
    'Jadwalkan ulang minggu depan.', 'Selesai.', 'Tindak lanjut oleh cabang.', 'Kirim katalog, tunggu kabar.',
    'Cek lagi akhir bulan.', 'Data perlu diverifikasi.', 'Tidak perlu tindak lanjut.', 'Teruskan ke tim lapangan.',
    'Tunggu konfirmasi, batas tanggal 10.', 'Masukkan daftar prioritas.', 'Arsipkan.'
  ]
};
